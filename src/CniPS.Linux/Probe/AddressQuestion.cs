using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Linux.Sockets;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Probe;

/// <summary>
/// Asks everybody on a link who has an IPv4 address, and hears all who answer: two of them are a conflict (RFC 5227). The question is an ARP probe, whose sender
/// has no address itself, so that nobody who hears it remembers anything of it.
/// </summary>
public static unsafe class AddressQuestion
{
    private const int Length = 28;

    // Whoever has it answers at once; another one may be slower.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    /// <summary>The link-layer addresses of those who answer, each once.</summary>
    /// <param name="ns">Where the link is.</param>
    /// <param name="link">The link.</param>
    /// <param name="address">The IPv4 address.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static IReadOnlyList<MacAddress> Ask(NetworkNamespace ns, Link link, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(ns);
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetwork || link.Mac is not { } own)
        {
            return [];
        }

        // Protocol 0 receives nothing before it is bound to the link.
        using SafeFileHandle socket = ns.OpenSocket(LibC.AF_PACKET, LibC.SOCK_DGRAM | LibC.SOCK_NONBLOCK, 0);
        int descriptor = (int)socket.DangerousGetHandle();
        sockaddr_ll to = new()
        {
            sll_family = (ushort)LibC.AF_PACKET,
            sll_protocol = BinaryPrimitives.ReverseEndianness(Packet.ETH_P_ARP),
            sll_ifindex = link.Index,
            sll_halen = 6,
        };
        new Span<byte>(to.sll_addr, 6).Fill(0xff);
        string operation = $"ask for {address} on {link.Name}";
        if (LibC.bind(descriptor, (sockaddr*)&to, (uint)sizeof(sockaddr_ll)) != 0)
        {
            throw LinuxException.Last(operation);
        }

        fixed (byte* p = Question(own, address))
        {
            if (LibCAhead.sendto(descriptor, p, Length, 0, (sockaddr*)&to, (uint)sizeof(sockaddr_ll)) < 0)
            {
                throw LinuxException.Last(operation);
            }
        }

        return Hear(socket, address);
    }

    private static List<MacAddress> Hear(SafeFileHandle socket, IPAddress address)
    {
        List<MacAddress> found = [];
        byte[] buffer = new byte[64];
        PollSet set = new();
        set.Add(socket);
        long begin = Stopwatch.GetTimestamp();
        while (s_patience - Stopwatch.GetElapsedTime(begin) is var left && left > TimeSpan.Zero)
        {
            set.Wait(left);
            long n;
            fixed (byte* p = buffer)
            {
                n = LibC.recvfrom((int)socket.DangerousGetHandle(), p, buffer.Length, LibC.MSG_DONTWAIT, null, null);
            }

            if (n < 0 && Marshal.GetLastPInvokeError() is not (Errno.EAGAIN or Errno.EINTR))
            {
                throw LinuxException.Last($"hear who has {address}");
            }

            if (n >= Length && Answer(buffer, address) is { } mac && !found.Contains(mac))
            {
                found.Add(mac);
            }
        }

        return found;
    }

    /// <summary>The question (RFC 826, and RFC 5227, section 2.1.1).</summary>
    internal static byte[] Question(MacAddress own, IPAddress address)
    {
        byte[] packet = new byte[Length];
        BinaryPrimitives.WriteUInt16BigEndian(packet, Packet.ARPHRD_ETHER);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), Packet.ETH_P_IP);
        packet[4] = 6;
        packet[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), 1); // request
        own.CopyTo(packet.AsSpan(8));
        address.TryWriteBytes(packet.AsSpan(24), out _);
        return packet;
    }

    /// <summary>Who says in an answer that the address is his; null where it is none.</summary>
    internal static MacAddress? Answer(ReadOnlySpan<byte> packet, IPAddress address)
    {
        const ushort Reply = 2;
        return packet.Length >= Length && BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) == Reply && packet[4] == 6 && packet[5] == 4
            && new IPAddress(packet.Slice(14, 4)).Equals(address) ? new MacAddress(packet.Slice(8, 6)) : null;
    }
}
