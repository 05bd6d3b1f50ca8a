using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>What mends a filter that drops: the rule is deleted; a chain that drops what no rule accepts is given one that does, for this way and its answers.</summary>
internal static class FilterRepair
{
    internal static Cause Of(NamespaceView view, PacketChain chain, ChainPassage passage, FilteredPacket packet, Cause cause) => passage.Rule switch
    {
        { Table: { } table } rule => Deleting(view, table, rule, cause),
        null when chain.BaseChain is { } at => Accepting(view, at.Table, at.Chain, packet.Source, packet.Destination, cause),
        null when chain.Acceptance(packet) is { } command => cause with { Advice = BridgeCauses.In(view, command) },
        null => cause,
        _ => cause with { Advice = BridgeCauses.In(view, cause.Advice) },
    };

    /// <summary>The rule goes.</summary>
    internal static Cause Deleting(NamespaceView view, NftTable table, DecidingRule rule, Cause cause) =>
        With(view, cause, new NftRuleDelete(view.Namespace, table, rule.ChainName, rule.Handle));

    /// <summary>A rule comes that accepts, behind all others of the chain.</summary>
    internal static Cause Accepting(NamespaceView view, NftTable table, string chain, IPAddress source, IPAddress destination, Cause cause)
    {
        if (table.Family is not (NftFamily.Inet or NftFamily.IPv4 or NftFamily.IPv6))
        {
            // Frames of all kinds pass here: what asks for neighbours has to, as well.
            string add = $"nft add rule {table} {chain}", ip = destination.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "ip6" : "ip";
            string who = ip == "ip" ? "ether type arp accept" : "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept";
            return cause with { Advice = $"{BridgeCauses.In(view, $"{add} '{who}'")}; {BridgeCauses.In(view, $"{add} {ip} saddr {source} {ip} daddr {destination} accept")}" };
        }

        bool isV6 = destination.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        if (destination.IsIPv6Multicast)
        {
            // Who asks for a neighbour asks a group, of which there is one for each (RFC 4291, 2.7.1).
            return With(view, cause, new NftRuleAdd(view.Namespace, table, chain, new NftRuleBody(
                [new NftSubnetMatch(NftField.Ip6Daddr, new IpPrefix(IPAddress.Parse("ff02::1:ff00:0"), 104)), new NftDecide(NftVerdict.Accept)])));
        }

        (NftField from, NftField to) = isV6 ? (NftField.Ip6Saddr, NftField.Ip6Daddr) : (NftField.IpSaddr, NftField.IpDaddr);
        return With(view, cause, new NftRuleAdd(view.Namespace, table, chain, new NftRuleBody(
            [new NftSubnetMatch(from, IpPrefix.Host(source)), new NftSubnetMatch(to, IpPrefix.Host(destination)), new NftDecide(NftVerdict.Accept)])));
    }

    // Changes are made in the host's nf_tables only; what is in a container is its owner's.
    private static Cause With(NamespaceView view, Cause cause, NftChange change) => cause with { Advice = change.Text, Repair = view.IsHost ? [change] : [] };
}
