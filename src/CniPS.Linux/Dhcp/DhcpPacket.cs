using System;
using System.Buffers.Binary;
using System.Net;

namespace CniPS.Linux.Dhcp;

/// <summary>
/// The IPv4 and UDP headers around a DHCP message (RFC 791, RFC 768): a client that has no address yet writes them itself.
/// </summary>
public static class DhcpPacket
{
    /// <summary>Where clients listen, and where servers do.</summary>
    public const int ClientPort = 68, ServerPort = 67;

    private const int IpHeader = 20, UdpHeader = 8, Udp = 17;

    /// <summary>A client's packet.</summary>
    /// <param name="source">The client's address; 0.0.0.0 where it has none.</param>
    /// <param name="destination">The server's address, or 255.255.255.255.</param>
    /// <param name="payload">The message.</param>
    public static byte[] Wrap(IPAddress source, IPAddress destination, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[IpHeader + UdpHeader + payload.Length];
        Span<byte> ip = packet, udp = ip[IpHeader..];
        ip[0] = 0x45; // version 4, five words
        ip[1] = 0x10; // low delay, as other clients ask for
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)packet.Length);
        ip[8] = 64;
        ip[9] = Udp;
        source.TryWriteBytes(ip[12..], out _);
        destination.TryWriteBytes(ip[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Fold(Sum(ip[..IpHeader], 0)));
        BinaryPrimitives.WriteUInt16BigEndian(udp, ClientPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], ServerPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[UdpHeader..]);

        // Over a header that is not sent: addresses, protocol, length.
        ushort checksum = Fold(Sum(udp, Sum(ip[12..20], (uint)(Udp + udp.Length))));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xffff : checksum);
        return packet;
    }

    /// <summary>
    /// The payload of a server's packet. UDP's checksum is not looked at: between interfaces of one machine the kernel leaves it unfinished.
    /// </summary>
    /// <param name="packet">The packet, from its IPv4 header on.</param>
    /// <param name="payload">The message's bytes.</param>
    /// <returns>Whether it is a whole UDP packet to a client.</returns>
    public static bool TryUnwrap(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        int header = packet.IsEmpty ? 0 : (packet[0] & 0xf) * 4;
        if (packet.Length < IpHeader + UdpHeader || packet[0] >> 4 != 4 || header < IpHeader || packet[9] != Udp
            || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0 // a fragment
            || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) is var total && (total > packet.Length || total < header + UdpHeader))
        {
            return false;
        }

        ReadOnlySpan<byte> udp = packet[header..total];
        int length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) != ClientPort || length < UdpHeader || length > udp.Length)
        {
            return false;
        }

        payload = udp[UdpHeader..length];
        return true;
    }

    // The Internet checksum (RFC 1071).
    private static uint Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        }

        return bytes.Length % 2 == 0 ? sum : sum + (uint)(bytes[^1] << 8);
    }

    private static ushort Fold(uint sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
