using System;
using System.Buffers.Binary;
using System.Net;

namespace CniPS.Linux.Probe;

/// <summary>What a probe's packet looks like from behind IP's header on, and what the packets look like that come back.</summary>
/// <param name="Packet">What was asked for.</param>
/// <param name="Source">The address it is sent from.</param>
/// <param name="Number">Its source port, or the echo's identifier.</param>
/// <param name="Token">What no other packet has: the eight bytes behind the header of ICMP and UDP, of which the first four are TCP's sequence number.</param>
internal sealed record ProbeBytes(ProbePacket Packet, IPAddress Source, ushort Number, ReadOnlyMemory<byte> Token)
{
    private const byte Syn = 2, Reset = 4, Acknowledges = 16;

    private const int TcpHeader = 20, EchoHeader = 8;

    /// <summary>TCP's sequence number.</summary>
    internal uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(Token.Span);

    /// <summary>What a RST acknowledges: the SYN, and what it carries.</summary>
    internal uint SequenceEnd => Sequence + 1 + (uint)PayloadLength(TcpHeader);

    private int PayloadLength(int header) => Math.Max(Packet.Size - (Packet.IsV6 ? 40 : 20) - header, header == EchoHeader ? Token.Length : 0);

    /// <summary>What UDP carries.</summary>
    internal byte[] Datagram() => Packet.Payload.IsEmpty ? Filled(PayloadLength(EchoHeader), 0, Token.Span) : Packet.Payload.ToArray();

    /// <summary>An echo request. ICMPv6's checksum is the kernel's to fill in.</summary>
    internal byte[] Echo()
    {
        byte[] message = Filled(EchoHeader + PayloadLength(EchoHeader), EchoHeader, Token.Span);
        message[0] = Packet.IsV6 ? (byte)128 : (byte)8;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), Number);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), 1);
        if (!Packet.IsV6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(0, message));
        }

        return message;
    }

    /// <summary>A SYN.</summary>
    internal byte[] Segment()
    {
        const int Window = 64240;
        byte[] segment = Filled(TcpHeader + PayloadLength(TcpHeader), TcpHeader, default);
        BinaryPrimitives.WriteUInt16BigEndian(segment, Number);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), Packet.Port);
        Token.Span[..4].CopyTo(segment.AsSpan(4));
        segment[12] = TcpHeader / 4 << 4;
        segment[13] = Syn;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), Window);
        // RFC 9293, section 3.1: over both addresses, the protocol's number and the length as well.
        uint sum = (uint)(6 + segment.Length);
        foreach (IPAddress address in (ReadOnlySpan<IPAddress>)[Source, Packet.Destination])
        {
            sum += Sum(address.GetAddressBytes());
        }

        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Checksum(sum, segment));
        return segment;
    }

    /// <summary>Whether a number acknowledges the SYN, or that and what it carries.</summary>
    internal bool Acknowledged(uint number) => number == Sequence + 1 || number == SequenceEnd;

    /// <summary>Reads a segment: whether it answers, and how.</summary>
    internal ProbeOutcome? ReadSegment(ReadOnlySpan<byte> segment) =>
        segment.Length < TcpHeader || BinaryPrimitives.ReadUInt16BigEndian(segment[2..]) != Number
            || !Acknowledged(BinaryPrimitives.ReadUInt32BigEndian(segment[8..])) ? null
        : (segment[13] & Reset) != 0 ? ProbeOutcome.Reset
        : (segment[13] & (Syn | Acknowledges)) == (Syn | Acknowledges) ? ProbeOutcome.SynAck
        : null;

    /// <summary>Reads a message of ICMP or ICMPv6: whether it answers, and how.</summary>
    internal ProbeAnswer? ReadMessage(ReadOnlySpan<byte> message)
    {
        if (message.Length < EchoHeader)
        {
            return null;
        }

        byte type = message[0], code = message[1];
        if (type == (Packet.IsV6 ? 129 : 0))
        {
            return Packet.Protocol == ProbeProtocol.Icmp && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == Number
                && message[EchoHeader..].StartsWith(Token.Span) ? new ProbeAnswer(ProbeOutcome.EchoReply) : null;
        }

        bool isError = Packet.IsV6 ? type < 128 : type is 3 or 11 or 12;
        if (!isError || !IsOwn(message[EchoHeader..]))
        {
            return null;
        }

        int? mtu = (Packet.IsV6, type, code) switch
        {
            (false, 3, 4) => BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            (true, 2, _) => (int)BinaryPrimitives.ReadUInt32BigEndian(message[4..]),
            _ => null,
        };
        return new ProbeAnswer(ProbeOutcome.IcmpError) { IcmpType = type, IcmpCode = code, Mtu = mtu };
    }

    // Whether it is the beginning of what was sent, with IP's header, as errors quote it.
    private bool IsOwn(ReadOnlySpan<byte> quoted)
    {
        if (quoted.Length < 20)
        {
            return false;
        }

        int header = Packet.IsV6 ? 40 : (quoted[0] & 15) * 4;
        if (quoted.Length < header + 8 || Protocol(quoted[Packet.IsV6 ? 6 : 9]) != Packet.Protocol)
        {
            return false;
        }

        ReadOnlySpan<byte> destination = Packet.IsV6 ? quoted.Slice(24, 16) : quoted.Slice(16, 4);
        return destination.SequenceEqual(Packet.Destination.GetAddressBytes())
            && BinaryPrimitives.ReadUInt16BigEndian(quoted[(header + (Packet.Protocol == ProbeProtocol.Icmp ? 4 : 0))..]) == Number;
    }

    /// <summary>The protocol of a number in IP's header.</summary>
    internal static ProbeProtocol Protocol(byte number) => number == 58 ? ProbeProtocol.Icmp : (ProbeProtocol)number;

    private static byte[] Filled(int length, int at, ReadOnlySpan<byte> token)
    {
        byte[] bytes = new byte[length];
        token.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private static ushort Checksum(uint sum, ReadOnlySpan<byte> bytes)
    {
        sum += Sum(bytes);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int at = 0; at < bytes.Length; at += 2)
        {
            sum += at + 1 < bytes.Length ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : (uint)bytes[at] << 8;
        }

        return sum;
    }
}
