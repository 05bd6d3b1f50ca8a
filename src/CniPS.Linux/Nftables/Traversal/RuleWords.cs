using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>What rules load and compare, in nft's words, as far as they are known here; for people, who find the rule by its handle.</summary>
internal static class RuleWords
{
    internal static string OfPayload(uint header, int offset, int length, FilteredPacket packet) => (header, offset, length, packet.IsV6) switch
    {
        (Nf.NFT_PAYLOAD_NETWORK_HEADER, 12, <= 4, false) => "ip saddr",
        (Nf.NFT_PAYLOAD_NETWORK_HEADER, 16, <= 4, false) => "ip daddr",
        (Nf.NFT_PAYLOAD_NETWORK_HEADER, 8, <= 16, true) => "ip6 saddr",
        (Nf.NFT_PAYLOAD_NETWORK_HEADER, 24, <= 16, true) => "ip6 daddr",
        (Nf.NFT_PAYLOAD_NETWORK_HEADER, 9, 1, false) => "ip protocol",
        (Nf.NFT_PAYLOAD_NETWORK_HEADER, 6, 1, true) => "ip6 nexthdr",
        (Nf.NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, _) => "th sport",
        (Nf.NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, _) => "th dport",
        (Nf.NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, _) => packet.IsV6 ? "icmpv6 type" : "icmp type",
        (Nf.NFT_PAYLOAD_LL_HEADER, 0, 6, _) => "ether daddr",
        (Nf.NFT_PAYLOAD_LL_HEADER, 6, 6, _) => "ether saddr",
        (Nf.NFT_PAYLOAD_LL_HEADER, 12, 2, _) => "ether type",
        _ => $"@{(header == Nf.NFT_PAYLOAD_LL_HEADER ? "ll" : header == Nf.NFT_PAYLOAD_NETWORK_HEADER ? "nh" : "th")},{8 * offset},{8 * length}",
    };

    internal static string OfMeta(uint key) => key switch
    {
        NfExpr.NFT_META_LEN => "meta length",
        NfExpr.NFT_META_PROTOCOL => "meta protocol",
        Nf.NFT_META_MARK => "meta mark",
        NfExpr.NFT_META_IIF => "iif",
        NfExpr.NFT_META_OIF => "oif",
        Nf.NFT_META_IIFNAME => "iifname",
        Nf.NFT_META_OIFNAME => "oifname",
        NfExpr.NFT_META_SKUID => "meta skuid",
        NfExpr.NFT_META_SKGID => "meta skgid",
        Nf.NFT_META_NFPROTO => "meta nfproto",
        Nf.NFT_META_L4PROTO => "meta l4proto",
        NfExpr.NFT_META_BRI_IIFNAME => "ibrname",
        NfExpr.NFT_META_BRI_OIFNAME => "obrname",
        NfExpr.NFT_META_PKTTYPE => "meta pkttype",
        _ => string.Create(CultureInfo.InvariantCulture, $"meta {key}"),
    };

    /// <summary>A value, by what it is compared with.</summary>
    internal static string OfValue(string what, ReadOnlySpan<byte> value) => what switch
    {
        "ip saddr" or "ip daddr" or "ct original ip saddr" or "ct original ip daddr" when value.Length == 4 => new IPAddress(value).ToString(),
        "ip saddr" or "ip daddr" when value.Length is > 0 and < 4 => Prefix(value, 4),
        "ip6 saddr" or "ip6 daddr" when value.Length == 16 => new IPAddress(value).ToString(),
        "ip6 saddr" or "ip6 daddr" when value.Length is > 0 and < 16 => Prefix(value, 16),
        "th sport" or "th dport" when value.Length == 2 => BinaryPrimitives.ReadUInt16BigEndian(value).ToString(CultureInfo.InvariantCulture),
        "iifname" or "oifname" or "ibrname" or "obrname" => "\"" + Encoding.UTF8.GetString(value.TrimEnd((byte)0)) + (value.Length < 16 ? "*\"" : "\""),
        "meta nfproto" when value.Length == 1 => value[0] == Nf.NFPROTO_IPV6 ? "ipv6" : "ipv4",
        "meta l4proto" or "ip protocol" or "ip6 nexthdr" when value.Length == 1 => Protocol(value[0]),
        "ct state" when value.Length == 4 => new NftStateMatch((NftConnectionStates)MemoryMarshal.Read<uint>(value)).ToString()["ct state ".Length..],
        "meta mark" or "ct mark" when value.Length == 4 => $"0x{MemoryMarshal.Read<uint>(value):x8}",
        "iif" or "oif" when value.Length == 4 => MemoryMarshal.Read<uint>(value).ToString(CultureInfo.InvariantCulture),
        _ when value.Length == 1 => value[0].ToString(CultureInfo.InvariantCulture),
        _ => "0x" + Convert.ToHexString(value),
    };

    internal static string Protocol(byte number) => number switch
    {
        Nf.IPPROTO_ICMP => "icmp",
        Nf.IPPROTO_TCP => "tcp",
        Nf.IPPROTO_UDP => "udp",
        Nf.IPPROTO_ICMPV6 => "ipv6-icmp",
        Nf.IPPROTO_SCTP => "sctp",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    internal static string Operator(uint operation) => operation switch
    {
        Nf.NFT_CMP_EQ => "",
        Nf.NFT_CMP_NEQ => "!= ",
        NfExpr.NFT_CMP_LT => "< ",
        Nf.NFT_CMP_LTE => "<= ",
        NfExpr.NFT_CMP_GT => "> ",
        _ => ">= ",
    };

    // nft compares the first bytes only where a subnet ends between two.
    private static string Prefix(ReadOnlySpan<byte> value, int length)
    {
        Span<byte> whole = stackalloc byte[length];
        whole.Clear();
        value.CopyTo(whole);
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(whole)}/{8 * value.Length}");
    }
}
