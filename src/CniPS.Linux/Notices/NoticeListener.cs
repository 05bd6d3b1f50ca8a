using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Notices;

/// <summary>
/// Hears what the kernel tells of a namespace unasked (the multicast groups of rtnetlink and nf_tables, netlink(7)), from the moment on when it is
/// made. It hears of all namespaces that the listening one has a number for, too (NETLINK_LISTEN_ALL_NSID, Linux 4.2): a socket inside each would keep
/// it, and what is in it, alive after its container has ended.
/// </summary>
public sealed unsafe class NoticeListener : IDisposable
{
    private const int DatagramSize = 64 * 1024;

    private readonly SafeFileHandle _socket;
    private readonly bool _forwarding;
    private readonly byte[] _buffer = new byte[DatagramSize];

    /// <summary>Begins to listen.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="rules">Whether to nf_tables; else to rtnetlink.</param>
    /// <param name="bufferSize">How much the kernel keeps that has not been read yet, in bytes (SO_RCVBUFFORCE); 0 for what it takes itself.</param>
    /// <param name="alone">Whether only this namespace is heard.</param>
    /// <param name="forwarding">Whether lines of forwarding databases are told, too: a bridge learns many.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public NoticeListener(NetworkNamespace ns, bool rules, int bufferSize = 0, bool alone = false, bool forwarding = false)
    {
        _forwarding = forwarding;
        ArgumentNullException.ThrowIfNull(ns);
        _socket = ns.OpenSocket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_NONBLOCK, rules ? Nl.NETLINK_NETFILTER : Nl.NETLINK_ROUTE);
        try
        {
            if (bufferSize > 0)
            {
                Set(LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, bufferSize, "set a socket's buffer");
            }

            // One without an address of its own would be taken for the sender of what the kernel tells of itself, and not be told.
            sockaddr_nl address = new() { nl_family = (ushort)LibC.AF_NETLINK };
            if (LibC.bind((int)_socket.DangerousGetHandle(), (sockaddr*)&address, (uint)sizeof(sockaddr_nl)) != 0)
            {
                throw LinuxException.Last("bind a netlink socket");
            }

            if (!alone)
            {
                Set(Nl.SOL_NETLINK, Nlgrp.NETLINK_LISTEN_ALL_NSID, 1, "listen to all namespaces");
            }

            foreach (int group in rules
                ? (ReadOnlySpan<int>)[Nlgrp.NFNLGRP_NFTABLES]
                : [Nlgrp.RTNLGRP_LINK, Nlgrp.RTNLGRP_NEIGH, Nlgrp.RTNLGRP_IPV4_IFADDR, Nlgrp.RTNLGRP_IPV6_IFADDR, Nlgrp.RTNLGRP_IPV4_ROUTE,
                    Nlgrp.RTNLGRP_IPV6_ROUTE, Nlgrp.RTNLGRP_NSID])
            {
                Set(Nl.SOL_NETLINK, Nlgrp.NETLINK_ADD_MEMBERSHIP, group, "join a netlink group");
            }
        }
        catch (LinuxException)
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>For the set of sockets that are waited for.</summary>
    public SafeHandle Handle => _socket;

    /// <summary>Reads what there is, without waiting.</summary>
    /// <param name="notices">Takes it.</param>
    /// <returns>Whether everything was heard: where not, the kernel had no room for some of it (ENOBUFS).</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool Read(List<Notice> notices)
    {
        ArgumentNullException.ThrowIfNull(notices);
        bool complete = true;
        while (true)
        {
            nint length = Receive(out int? number);
            if (length >= 0)
            {
                NoticeReader.Read(_buffer.AsSpan(0, (int)length), number, notices, _forwarding);
            }
            else if (Marshal.GetLastPInvokeError() is int errno && errno is Errno.EAGAIN)
            {
                return complete;
            }
            else if (errno == Errno.ENOBUFS)
            {
                complete = false;
            }
            else if (errno != Errno.EINTR)
            {
                throw new LinuxException("read what the kernel tells", errno);
            }
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _socket.Dispose();

    private nint Receive(out int? number)
    {
        number = null;
        long* control = stackalloc long[8]; // aligned as cmsghdr wants it
        fixed (byte* bytes = _buffer)
        {
            iovec part = new() { iov_base = bytes, iov_len = _buffer.Length };
            msghdr message = new() { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = 64 };
            nint length = (nint)LibC.recvmsg((int)_socket.DangerousGetHandle(), &message, 0);
            for (cmsghdr* one = length < 0 ? null : LibC.CMSG_FIRSTHDR(&message); one != null; one = LibC.CMSG_NXTHDR(&message, one))
            {
                if (one->cmsg_level == Nl.SOL_NETLINK && one->cmsg_type == Nlgrp.NETLINK_LISTEN_ALL_NSID)
                {
                    number = *(int*)LibC.CMSG_DATA(one);
                }
            }

            return length;
        }
    }

    private void Set(int level, int option, int value, string operation)
    {
        if (LibCAhead.setsockopt((int)_socket.DangerousGetHandle(), level, option, &value, sizeof(int)) != 0)
        {
            throw LinuxException.Last(operation);
        }
    }
}
