using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Route;

namespace CniPS.Linux.Machine;

/// <summary>
/// Deletes links without waiting for the kernel's grace periods (10 to 20 ms): a spare thread sends the request and blocks, while the echo
/// that the link is gone (NLM_F_ECHO) is read from the same socket after half a millisecond. One RTM_GETLINK behind it is a fence for all
/// other processors. Of a group there is no echo: RTM_GETLINK waits for the lock that the kernel holds until all of its links are gone, and no longer.
/// Where neither tells, the acknowledgement is waited for.
/// </summary>
internal sealed class LinkDeleter : IDisposable
{
    private readonly SpareThreads _threads = new();
    private readonly ConcurrentDictionary<NamespaceId, ConcurrentBag<NetlinkSocket>> _sockets = new();

    /// <summary>Deletes a link.</summary>
    /// <param name="change">Which.</param>
    /// <param name="keepSocket">Whether to keep the socket for the next time: yes for the host's namespace, which lives on.</param>
    /// <returns>0, or the errno. Where the kernel's answer is lost it is asked whether the link is there.</returns>
    internal int Delete(LinkDelete change, bool keepSocket)
    {
        NetlinkBatch batch = new(96);
        change.Write(batch);
        int errno = Send(change.Namespace, batch, keepSocket, isGone: null).WaitUntilGone(out bool isLost);
        if (errno == 0 || isLost)
        {
            bool isThere = change.Namespace.Route.FindLink(change.Link.Name) is not null;
            errno = isThere ? errno : 0;
        }

        return errno;
    }

    /// <summary>Deletes all links of a group.</summary>
    /// <param name="ns">The namespace they are in.</param>
    /// <param name="group">The group (IFLA_GROUP).</param>
    /// <param name="link">The index of one of them: the kernel deletes all under one lock, or none.</param>
    /// <param name="keepSocket">As for a single link.</param>
    /// <param name="isLost">Whether the kernel's answer is lost: then each link has to be looked for.</param>
    /// <returns>0, or the errno.</returns>
    internal int DeleteGroup(NetworkNamespace ns, int group, int link, bool keepSocket, out bool isLost)
    {
        NetlinkBatch batch = new(64);
        batch.Begin(Rt.RTM_DELLINK, Nl.NLM_F_ACK, default(ifinfomsg));
        batch.Attribute(If.IFLA_GROUP, group);
        return Send(ns, batch, keepSocket, () => ns.Route.FindLink(link) is null).WaitUntilGone(out isLost);
    }

    private Deletion Send(NetworkNamespace ns, NetlinkBatch batch, bool keepSocket, Func<bool>? isGone)
    {
        ConcurrentBag<NetlinkSocket> bag = _sockets.GetOrAdd(ns.Id, static _ => []);
        if (!bag.TryTake(out NetlinkSocket? socket))
        {
            socket = ns.OpenSocket(Nl.NETLINK_ROUTE);
        }

        socket.Number(batch);
        Deletion deletion = new(socket, batch, keepSocket ? bag : null, isGone);
        _threads.Run(deletion.Send);
        return deletion;
    }

    /// <summary>Waits for the requests that are still blocked in the kernel, then closes the sockets.</summary>
    public void Dispose()
    {
        _threads.Dispose();
        foreach (ConcurrentBag<NetlinkSocket> bag in _sockets.Values)
        {
            while (bag.TryTake(out NetlinkSocket? socket))
            {
                socket.Dispose();
            }
        }
    }

    private sealed class Deletion(NetlinkSocket socket, NetlinkBatch batch, ConcurrentBag<NetlinkSocket>? bag, Func<bool>? isGone)
    {
        private readonly object _gate = new();
        private volatile bool _acknowledged;
        private volatile bool _reading = true;
        private volatile int _sendErrno;
        private int _errno;
        private bool _isLost;

        // On a spare thread.
        internal void Send()
        {
            _sendErrno = socket.SendRaw(batch.Bytes);
            try
            {
                // Its sender alone may still be reading: both stop at the acknowledgement.
                lock (_gate)
                {
                    while (_sendErrno == 0 && !_acknowledged)
                    {
                        Read();
                    }
                }
            }
            catch (LinuxException e)
            {
                Lose(e);
            }

            lock (_gate)
            {
                if (bag is not null && _sendErrno == 0)
                {
                    bag.Add(socket);
                }
                else
                {
                    socket.Dispose();
                }
            }
        }

        internal int WaitUntilGone(out bool isLost)
        {
            isLost = false;
            while (_reading)
            {
                if (_sendErrno != 0)
                {
                    return _sendErrno;
                }

                // A short wait: the spare thread may read the acknowledgement first.
                if (!_acknowledged && !socket.WaitReadable(isGone is null ? 2 : 1) && isGone?.Invoke() == true)
                {
                    return 0;
                }

                lock (_gate)
                {
                    if (_reading && !_acknowledged && socket.WaitReadable(0))
                    {
                        try
                        {
                            Read();
                        }
                        catch (LinuxException e)
                        {
                            Lose(e);
                        }
                    }
                }
            }

            isLost = _isLost;
            return _errno;
        }

        // Nobody waits any more for what does not come. A socket out of step is not used again.
        private void Lose(LinuxException cause)
        {
            lock (_gate)
            {
                bag = null;
                if (_reading)
                {
                    _errno = cause.Errno;
                    _isLost = true;
                    _reading = false;
                }

                _acknowledged = true;
            }
        }

        private void Read()
        {
            ReadOnlySpan<byte> datagram = socket.Receive();
            while (NetlinkMessage.TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
            {
                if (header.nlmsg_type == Nl.NLMSG_ERROR)
                {
                    NetlinkReply reply = default;
                    reply.ReadError(header, body);
                    _errno = reply.Errno;
                    _acknowledged = true;
                    _reading = false;
                }
                else if (header.nlmsg_type == Rt.RTM_DELLINK)
                {
                    _reading = false;
                }
            }
        }
    }
}
