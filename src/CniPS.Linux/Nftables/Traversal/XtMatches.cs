using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>
/// What iptables' variant on nf_tables still carries as iptables' own structures (nft_compat): the matches and targets that are in use. All others
/// are not known.
/// </summary>
internal static class XtMatches
{
    internal static RuleMatch Ask(string name, uint revision, ReadOnlySpan<byte> info, FilteredPacket packet) => (name, revision) switch
    {
        ("comment" or "limit" or "tcpmss", _) => RuleMatch.Yes,
        ("conntrack", 3) when info.Length >= 154 => Conntrack(info, packet),
        ("addrtype", 1) when info.Length >= 8 => AddressType(info, packet),
        ("tcp", 0) when info.Length >= 12 => Ports(info, info[11], packet, Nf.IPPROTO_TCP),
        ("udp", 0) when info.Length >= 9 => Ports(info, info[8], packet, Nf.IPPROTO_UDP),
        ("multiport", 1) when info.Length >= 48 => Multiport(info, packet),
        ("icmp" or "icmp6", 0) when info.Length >= 4 => Of((info[0] == 0xFF || (info[0] == packet.IcmpType && info[1] == 0)) != ((info[3] & 1) != 0)),
        ("iprange", 1) when info.Length >= 65 => Range(info, packet),
        ("mark", 1) when info.Length >= 9 => Of(((packet.Mark & U32(info[4..])) == U32(info)) != (info[8] != 0)),
        _ => RuleMatch.Maybe,
    };

    /// <summary>A target's translation; null where it makes none.</summary>
    internal static Translation? Translate(string name, uint revision, ReadOnlySpan<byte> info, bool v6) => name switch
    {
        "MASQUERADE" => new Translation(OfSource: true, null, 0) { ToLinkAddress = true },
        "REDIRECT" => new Translation(OfSource: false, null, info.Length >= 18 && !v6 ? BinaryPrimitives.ReadUInt16BigEndian(info[16..]) : (ushort)0) { ToLinkAddress = true },
        "DNAT" or "SNAT" => Range(name == "SNAT", revision, info, v6),
        _ => null,
    };

    /// <summary>The mark behind the target MARK (struct xt_mark_tginfo2): the mask's bits go, and the value's are turned.</summary>
    internal static uint? Mark(uint revision, ReadOnlySpan<byte> info, uint mark) => revision == 2 && info.Length >= 8 ? (mark & ~U32(info[4..])) ^ U32(info) : null;

    // struct xt_iprange_mtinfo: the lowest and highest source, those of the destination, and which of them count.
    private static RuleMatch Range(ReadOnlySpan<byte> info, FilteredPacket packet)
    {
        const byte Source = 1, Destination = 2, NotSource = 16, NotDestination = 32;
        byte flags = info[64];
        return Of(
            ((flags & Source) == 0 || Within(info, packet.Source) != ((flags & NotSource) != 0))
            && ((flags & Destination) == 0 || Within(info[32..], packet.Destination) != ((flags & NotDestination) != 0)));
    }

    private static bool Within(ReadOnlySpan<byte> range, IPAddress address)
    {
        ReadOnlySpan<byte> bytes = address.GetAddressBytes();
        return bytes.SequenceCompareTo(range[..bytes.Length]) >= 0 && bytes.SequenceCompareTo(range.Slice(16, bytes.Length)) <= 0;
    }

    // struct nf_nat_ipv4_multi_range_compat in revision 0 of IPv4, else struct nf_nat_range(2).
    private static Translation? Range(bool ofSource, uint revision, ReadOnlySpan<byte> info, bool v6)
    {
        bool isOld = revision == 0 && !v6;
        if (info.Length < (isOld ? 20 : 40))
        {
            return null;
        }

        uint flags = U32(isOld ? info[4..] : info);
        ReadOnlySpan<byte> address = isOld ? info.Slice(8, 4) : info.Slice(4, v6 ? 16 : 4);
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(isOld ? info[16..] : info[36..]);
        return new Translation(
            ofSource,
            (flags & Nf.NF_NAT_RANGE_MAP_IPS) != 0 ? new IPAddress(address) : null,
            (flags & Nf.NF_NAT_RANGE_PROTO_SPECIFIED) != 0 ? port : (ushort)0);
    }

    // struct xt_conntrack_mtinfo3: what is asked for stands in two words behind eight addresses and masks, two times and five ports.
    private static RuleMatch Conntrack(ReadOnlySpan<byte> info, FilteredPacket packet)
    {
        const ushort AsksState = 1;
        ushort asked = U16(info[146..]), inverted = U16(info[148..]), states = U16(info[150..]);
        if (asked != AsksState)
        {
            return RuleMatch.Maybe;
        }

        const ushort Untracked = 1 << 8, SourceTranslated = 1 << 6, DestinationTranslated = 1 << 7;
        bool isOne = packet.State == NftConnectionStates.Untracked ? (states & Untracked) != 0 : (states & (ushort)packet.State) != 0;
        isOne |= packet.IsSourceTranslated && (states & SourceTranslated) != 0;
        isOne |= packet.IsDestinationTranslated && (states & DestinationTranslated) != 0;
        return Of(isOne != ((inverted & AsksState) != 0));
    }

    // struct xt_addrtype_info_v1: bits of RTN_*.
    private static RuleMatch AddressType(ReadOnlySpan<byte> info, FilteredPacket packet)
    {
        ushort source = U16(info), destination = U16(info[2..]);
        uint flags = U32(info[4..]);
        if (flags > 3 || packet.TypeOf(packet.Destination) == Route.RouteType.Unknown)
        {
            return RuleMatch.Maybe;
        }

        bool fitsSource = source == 0 || (((source >> (int)packet.TypeOf(packet.Source)) & 1) != 0) != ((flags & 1) != 0);
        bool fitsDestination = destination == 0 || (((destination >> (int)packet.TypeOf(packet.Destination)) & 1) != 0) != ((flags & 2) != 0);
        return Of(fitsSource && fitsDestination);
    }

    private static RuleMatch Ports(ReadOnlySpan<byte> info, byte inverted, FilteredPacket packet, byte protocol)
    {
        bool source = packet.SourcePort >= U16(info) && packet.SourcePort <= U16(info[2..]);
        bool destination = packet.DestinationPort >= U16(info[4..]) && packet.DestinationPort <= U16(info[6..]);
        return Of(packet.Protocol == protocol && source != ((inverted & 1) != 0) && destination != ((inverted & 2) != 0));
    }

    // struct xt_multiport_v1: which of the ports, how many, the ports, which of them begin a range, whether the contrary is meant.
    private static RuleMatch Multiport(ReadOnlySpan<byte> info, FilteredPacket packet)
    {
        int count = Math.Min(info[1], (byte)15);
        bool found = false;
        for (int i = 0; i < count; i++)
        {
            ushort first = U16(info[(2 + (2 * i))..]);
            ushort last = info[32 + i] != 0 && i + 1 < count ? U16(info[(4 + (2 * i))..]) : first;
            found |= (info[0] != 1 && packet.SourcePort >= first && packet.SourcePort <= last)
                || (info[0] != 0 && packet.DestinationPort >= first && packet.DestinationPort <= last);
            i += info[32 + i] != 0 ? 1 : 0;
        }

        return Of(found != (info[47] != 0));
    }

    private static RuleMatch Of(bool value) => value ? RuleMatch.Yes : RuleMatch.No;

    private static ushort U16(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<ushort>(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<uint>(bytes);
}
