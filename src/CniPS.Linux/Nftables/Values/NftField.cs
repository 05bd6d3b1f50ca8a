using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>Something about a packet that a rule can look at.</summary>
public enum NftField
{
    /// <summary><c>ip saddr</c></summary>
    IpSaddr,

    /// <summary><c>ip daddr</c></summary>
    IpDaddr,

    /// <summary><c>ip6 saddr</c></summary>
    Ip6Saddr,

    /// <summary><c>ip6 daddr</c></summary>
    Ip6Daddr,

    /// <summary><c>ip protocol</c></summary>
    IpProtocol,

    /// <summary><c>meta l4proto</c>: the protocol above IP, of either version.</summary>
    L4Proto,

    /// <summary><c>th sport</c>: the source port, whatever the protocol.</summary>
    ThSport,

    /// <summary><c>th dport</c>: the destination port, whatever the protocol.</summary>
    ThDport,

    /// <summary><c>tcp dport</c></summary>
    TcpDport,

    /// <summary><c>udp dport</c></summary>
    UdpDport,

    /// <summary><c>sctp dport</c></summary>
    SctpDport,

    /// <summary><c>tcp sport</c></summary>
    TcpSport,

    /// <summary><c>udp sport</c></summary>
    UdpSport,

    /// <summary><c>sctp sport</c></summary>
    SctpSport,

    /// <summary><c>iifname</c>: the interface a packet came in by.</summary>
    Iifname,

    /// <summary><c>oifname</c>: the interface a packet leaves by.</summary>
    Oifname,

    /// <summary><c>ether saddr</c>: in a table of bridges' frames.</summary>
    EtherSaddr,

    /// <summary><c>meta mark</c></summary>
    Mark,

    /// <summary><c>fib daddr type</c>: what the destination is to this host.</summary>
    FibDaddrType,
}

/// <summary>A field, or an address's first bits: <c>ip daddr &amp; 255.255.255.0</c>.</summary>
/// <param name="Field">The field.</param>
/// <param name="PrefixLength">Of an address: how many bits to keep; null for the whole.</param>
public readonly record struct NftPart(NftField Field, int? PrefixLength = null)
{
    /// <summary>A whole field.</summary>
    public static implicit operator NftPart(NftField field) => new(field);

    /// <summary>The part as nft writes it.</summary>
    public override string ToString()
    {
        NftFieldInfo info = NftFieldInfo.Of(Field);
        if (PrefixLength is not { } length)
        {
            return info.Text;
        }

        Span<byte> mask = stackalloc byte[(int)info.Length];
        PutMask(mask, length);
        return $"{info.Text} & {new IPAddress(mask)}";
    }

    internal static void PutMask(Span<byte> mask, int prefixLength)
    {
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = (byte)(0xff << (8 - Math.Clamp(prefixLength - (i * 8), 0, 8)));
        }
    }
}

/// <summary>What a packet is looked up by: one part, or several as one (<c>meta l4proto . th dport</c>).</summary>
/// <param name="Parts">The parts, in the order of the set's type.</param>
public sealed record NftSelector(params IReadOnlyList<NftPart> Parts)
{
    /// <summary>The selector as nft writes it.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (NftPart part in Parts)
        {
            text.Append(text.Length > 0 ? " . " : "").Append(part.ToString());
        }

        return text.ToString();
    }
}

/// <summary>How a field is written, and where the kernel finds it.</summary>
/// <param name="Text">nft's words.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Base">For what is in the packet: which header (NFT_PAYLOAD_*); else null.</param>
/// <param name="Where">The offset in the header, or the kernel's key for it (NFT_META_*).</param>
/// <param name="Network">The network protocol that must be known before; 0 for any.</param>
/// <param name="Transport">The transport protocol that must be known before; 0 for any.</param>
internal readonly record struct NftFieldInfo(string Text, uint Length, uint? Base, uint Where, byte Network = 0, byte Transport = 0)
{
    private const uint NetworkHeader = Nf.NFT_PAYLOAD_NETWORK_HEADER, TransportHeader = Nf.NFT_PAYLOAD_TRANSPORT_HEADER;

    internal static NftFieldInfo Of(NftField field) => field switch
    {
        NftField.IpSaddr => new("ip saddr", 4, NetworkHeader, 12, Nf.NFPROTO_IPV4),
        NftField.IpDaddr => new("ip daddr", 4, NetworkHeader, 16, Nf.NFPROTO_IPV4),
        NftField.Ip6Saddr => new("ip6 saddr", 16, NetworkHeader, 8, Nf.NFPROTO_IPV6),
        NftField.Ip6Daddr => new("ip6 daddr", 16, NetworkHeader, 24, Nf.NFPROTO_IPV6),
        NftField.IpProtocol => new("ip protocol", 1, NetworkHeader, 9, Nf.NFPROTO_IPV4),
        NftField.L4Proto => new("meta l4proto", 1, null, Nf.NFT_META_L4PROTO),
        NftField.ThSport => new("th sport", 2, TransportHeader, 0),
        NftField.ThDport => new("th dport", 2, TransportHeader, 2),
        NftField.TcpDport => new("tcp dport", 2, TransportHeader, 2, 0, Nf.IPPROTO_TCP),
        NftField.UdpDport => new("udp dport", 2, TransportHeader, 2, 0, Nf.IPPROTO_UDP),
        NftField.SctpDport => new("sctp dport", 2, TransportHeader, 2, 0, Nf.IPPROTO_SCTP),
        NftField.TcpSport => new("tcp sport", 2, TransportHeader, 0, 0, Nf.IPPROTO_TCP),
        NftField.UdpSport => new("udp sport", 2, TransportHeader, 0, 0, Nf.IPPROTO_UDP),
        NftField.SctpSport => new("sctp sport", 2, TransportHeader, 0, 0, Nf.IPPROTO_SCTP),
        NftField.Iifname => new("iifname", 16, null, Nf.NFT_META_IIFNAME),
        NftField.Oifname => new("oifname", 16, null, Nf.NFT_META_OIFNAME),
        NftField.Mark => new("meta mark", 4, null, Nf.NFT_META_MARK),
        NftField.EtherSaddr => new("ether saddr", 6, Nf.NFT_PAYLOAD_LL_HEADER, 6),
        _ => new("fib daddr type", 4, null, 0),
    };
}
