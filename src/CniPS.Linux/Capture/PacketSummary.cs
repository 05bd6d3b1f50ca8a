using System;
using System.Buffers.Binary;
using System.Net;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Capture;

/// <summary>What a packet is, in short.</summary>
/// <param name="Place">By which of the capture's interfaces it was seen, from 0.</param>
/// <param name="Time">When.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="Length">Its length in bytes, with the link's header.</param>
public sealed record PacketSummary(int Place, DateTimeOffset Time, PacketDirection Direction, int Length)
{
    /// <summary>The protocol: <c>TCP</c>, <c>UDP</c>, <c>ICMP</c>, <c>ICMPv6</c>, <c>SCTP</c>, <c>ARP</c>; of others IP's number, or Ethernet's type.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Who sent it; null where it has no IP address.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Whom it is for.</summary>
    public IPAddress? Destination { get; init; }

    /// <summary>The source's port; null where there is none.</summary>
    public ushort? SourcePort { get; init; }

    /// <summary>The destination's port.</summary>
    public ushort? DestinationPort { get; init; }

    /// <summary>TCP's flags, in order: <c>SYN,ACK</c>; ICMP's type and code: <c>8/0</c>; ARP's <c>request</c> or <c>reply</c>; else empty.</summary>
    public string Flags { get; init; } = "";

    /// <summary>The VLAN it is tagged with; null for none.</summary>
    public ushort? Vlan { get; init; }

    /// <summary>What it is: <c>TCP 10.15.20.2:40000 > 10.15.20.1:80 SYN</c>.</summary>
    public string Text => $"{Protocol} {EndPoint(Source, SourcePort)} > {EndPoint(Destination, DestinationPort)} {Flags}".TrimEnd();

    /// <summary>Reads a packet.</summary>
    internal static PacketSummary Read(in CapturedPacket packet, bool isEthernet)
    {
        PacketSummary summary = new(packet.Place, DateTimeOffset.UnixEpoch.AddTicks((long)(packet.Time / 100)), packet.Direction, packet.Length);
        ReadOnlySpan<byte> rest = packet.Data;
        ushort type;
        if (isEthernet)
        {
            if (rest.Length < 14)
            {
                return summary;
            }

            type = BinaryPrimitives.ReadUInt16BigEndian(rest[12..]);
            rest = rest[14..];
            while (type is Packet.ETH_P_8021Q or 0x88a8 && rest.Length >= 4)
            {
                summary = summary with { Vlan = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(rest) & 0xfff) };
                type = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                rest = rest[4..];
            }
        }
        else
        {
            type = !rest.IsEmpty && rest[0] >> 4 == 6 ? Packet.ETH_P_IPV6 : Packet.ETH_P_IP;
        }

        return type switch
        {
            Packet.ETH_P_IP when rest.Length >= 20 => summary.WithIp(rest),
            Packet.ETH_P_IPV6 when rest.Length >= 40 =>
                summary.WithAddresses(rest.Slice(8, 16), rest.Slice(24, 16)).WithTransport(rest[6], rest[40..]),
            Packet.ETH_P_ARP when rest.Length >= 28 => summary.WithAddresses(rest.Slice(14, 4), rest.Slice(24, 4)) with
            {
                Protocol = "ARP",
                Flags = rest[7] == 1 ? "request" : rest[7] == 2 ? "reply" : "",
            },
            _ => summary with { Protocol = $"0x{type:x4}" },
        };
    }

    private PacketSummary WithIp(ReadOnlySpan<byte> ip)
    {
        int header = Math.Min((ip[0] & 15) * 4, ip.Length);
        bool isLaterFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x1fff) != 0;
        return WithAddresses(ip.Slice(12, 4), ip.Slice(16, 4)).WithTransport(ip[9], isLaterFragment ? default : ip[header..]);
    }

    private PacketSummary WithAddresses(ReadOnlySpan<byte> source, ReadOnlySpan<byte> destination) =>
        this with { Source = new IPAddress(source), Destination = new IPAddress(destination) };

    private PacketSummary WithTransport(byte number, ReadOnlySpan<byte> rest)
    {
        string name = number switch
        {
            Nf.IPPROTO_TCP => "TCP",
            Nf.IPPROTO_UDP => "UDP",
            Nf.IPPROTO_SCTP => "SCTP",
            Nf.IPPROTO_ICMP => "ICMP",
            Nf.IPPROTO_ICMPV6 => "ICMPv6",
            _ => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        PacketSummary named = this with { Protocol = name };
        return number switch
        {
            Nf.IPPROTO_TCP or Nf.IPPROTO_UDP or Nf.IPPROTO_SCTP when rest.Length >= 4 => named with
            {
                SourcePort = BinaryPrimitives.ReadUInt16BigEndian(rest),
                DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]),
                Flags = number == Nf.IPPROTO_TCP && rest.Length > 13 ? FlagWords(rest[13]) : "",
            },
            Nf.IPPROTO_ICMP or Nf.IPPROTO_ICMPV6 when rest.Length >= 2 => named with { Flags = $"{rest[0]}/{rest[1]}" },
            _ => named,
        };
    }

    private static string EndPoint(IPAddress? address, ushort? port) =>
        address is null ? "?" : port is { } number ? new IPEndPoint(address, number).ToString() : address.ToString();

    private static string FlagWords(byte flags)
    {
        ReadOnlySpan<string> words = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
        string text = "";
        for (int i = 0; i < words.Length; i++)
        {
            if ((flags & (1 << i)) != 0)
            {
                text += text.Length > 0 ? $",{words[i]}" : words[i];
            }
        }

        return text;
    }
}
