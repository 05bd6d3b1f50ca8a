using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Route;

/// <summary>
/// Gratuitous ARP (RFC 5227, section 3) by a packet socket (packet(7)), as the kernel sends it for a link with arp_notify that comes up; but
/// beside the caller, since every port of a bridge has to be told, and the socket's end waits for the kernel's clean-up.
/// </summary>
internal static unsafe class ArpAnnouncement
{
    /// <summary>An ARP packet's length.</summary>
    internal const int Length = 28;

    private const ushort Arp = 0x0806, IPv4 = 0x0800;

    /// <summary>Sends one for each address, on a thread of its own.</summary>
    internal static void Send(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses)
    {
        byte[] packets = new byte[addresses.Count * Length];
        for (int i = 0; i < addresses.Count; i++)
        {
            Write(packets.AsSpan(i * Length, Length), mac, addresses[i]);
        }

        NamespaceThread.Leave(ns, () => Send(link, packets));
    }

    /// <summary>Writes a packet: a request for the address that one has oneself.</summary>
    internal static void Write(Span<byte> packet, MacAddress mac, IPAddress address)
    {
        packet.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet, 1); // Ethernet
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], IPv4);
        packet[4] = 6;
        packet[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], 1); // request
        mac.CopyTo(packet[8..]);
        address.TryWriteBytes(packet[14..], out _);
        address.TryWriteBytes(packet[24..], out _);
    }

    // System calls only: it runs inside.
    private static int Send(int link, byte[] packets)
    {
        int fd = LibC.socket(LibC.AF_PACKET, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            return fd;
        }

        sockaddr_ll everybody = new()
        {
            sll_family = LibC.AF_PACKET,
            sll_protocol = BinaryPrimitives.ReverseEndianness(Arp),
            sll_ifindex = link,
            sll_halen = 6,
        };
        new Span<byte>(everybody.sll_addr, everybody.sll_halen).Fill(0xff);
        fixed (byte* p = packets)
        {
            for (int at = 0; at < packets.Length; at += Length)
            {
                LibC.sendto(fd, p + at, Length, 0, &everybody, (uint)sizeof(sockaddr_ll));
            }
        }

        return fd;
    }
}
