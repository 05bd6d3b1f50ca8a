using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Linux.Machine;

/// <summary>
/// Tells a link's neighbours whose an address is from now on: gratuitous ARP (RFC 5227, section 3) and unsolicited neighbour advertisements
/// (RFC 4861, section 7.2.6) by a packet socket (packet(7)), as the kernel sends them for a link with arp_notify and ndisc_notify that comes
/// up; but beside the caller, since every port of a bridge has to be told, and the socket's end waits for the kernel's clean-up; and when the
/// bridge forwards, which it need not yet when the link comes up.
/// </summary>
internal static unsafe class AddressAnnouncement
{
    private const ushort Arp = 0x0806, IPv4 = 0x0800, IPv6 = 0x86dd;
    private const int ArpLength = 28, HeaderLength = 40, AdvertisementLength = 32;
    private const byte Icmp = 58, NeighbourAdvertisement = 136, Override = 0x20, TargetLinkLayerAddress = 2;

    private static ReadOnlySpan<byte> AllNodes => [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    /// <summary>Sends one packet for each address, on a thread of its own.</summary>
    internal static void Send(NetworkNamespace ns, int link, MacAddress mac, IReadOnlyList<IPAddress> addresses)
    {
        byte[][] packets = new byte[addresses.Count][];
        for (int i = 0; i < packets.Length; i++)
        {
            packets[i] = addresses[i].AddressFamily == AddressFamily.InterNetwork ? WriteArp(mac, addresses[i]) : WriteAdvertisement(mac, addresses[i]);
        }

        NamespaceThread.Leave(ns, () => Send(link, packets));
    }

    /// <summary>An ARP packet: a request for the address that one has oneself.</summary>
    internal static byte[] WriteArp(MacAddress mac, IPAddress address)
    {
        byte[] packet = new byte[ArpLength];
        BinaryPrimitives.WriteUInt16BigEndian(packet, 1); // Ethernet
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), IPv4);
        packet[4] = 6;
        packet[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), 1); // request
        mac.CopyTo(packet.AsSpan(8));
        address.TryWriteBytes(packet.AsSpan(14), out _);
        address.TryWriteBytes(packet.AsSpan(24), out _);
        return packet;
    }

    /// <summary>An IPv6 packet to all nodes, with the advertisement (RFC 4861, section 4.4) that overrides what they remember.</summary>
    internal static byte[] WriteAdvertisement(MacAddress mac, IPAddress address)
    {
        byte[] packet = new byte[HeaderLength + AdvertisementLength];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), AdvertisementLength);
        packet[6] = Icmp;
        packet[7] = 255; // hop limit: from this link
        address.TryWriteBytes(packet.AsSpan(8), out _);
        AllNodes.CopyTo(packet.AsSpan(24));

        Span<byte> message = packet.AsSpan(HeaderLength);
        message[0] = NeighbourAdvertisement;
        message[4] = Override;
        address.TryWriteBytes(message[8..], out _);
        message[24] = TargetLinkLayerAddress;
        message[25] = 1; // in units of eight bytes
        mac.CopyTo(message[26..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum(packet));
        return packet;
    }

    // RFC 4443, section 2.3: over both addresses, the length, the protocol's number and the message.
    private static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        uint sum = AdvertisementLength + Icmp;
        for (int at = 8; at < packet.Length; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }

    // System calls only: it runs inside.
    private static int Send(int link, byte[][] packets)
    {
        int fd = LibCAhead.socket(LibC.AF_PACKET, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            return fd;
        }

        sockaddr_ll everybody = new() { sll_family = (ushort)LibC.AF_PACKET, sll_ifindex = link, sll_halen = 6 };
        foreach (byte[] packet in packets)
        {
            bool v6 = packet.Length != ArpLength;
            everybody.sll_protocol = BinaryPrimitives.ReverseEndianness(v6 ? IPv6 : Arp);
            ReadOnlySpan<byte> destination = v6 ? [0x33, 0x33, 0, 0, 0, 1] : [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]; // RFC 2464, section 7
            destination.CopyTo(new Span<byte>(everybody.sll_addr, everybody.sll_halen));
            fixed (byte* p = packet)
            {
                LibCAhead.sendto(fd, p, packet.Length, 0, (sockaddr*)&everybody, (uint)sizeof(sockaddr_ll));
            }
        }

        return fd;
    }
}
