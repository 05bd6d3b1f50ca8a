using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>What mends a filter that drops: the rule is deleted; a chain that drops what no rule accepts is given one that does, for this way and its answers.</summary>
internal static class FilterRepair
{
    internal static Cause Of(NamespaceView view, PacketChain chain, ChainPassage passage, FilteredPacket packet, Cause cause)
    {
        if (passage.Rule is { Table: { } table } rule)
        {
            NftRuleDelete delete = new(view.Namespace, table, rule.ChainName, rule.Handle);
            return With(view, cause, delete);
        }

        if (passage.Rule is null && chain.BaseChain is { } at)
        {
            NftField source = packet.IsV6 ? NftField.Ip6Saddr : NftField.IpSaddr, destination = packet.IsV6 ? NftField.Ip6Daddr : NftField.IpDaddr;
            NftRuleAdd accept = new(view.Namespace, at.Table, at.Chain, new NftRuleBody(
                [new NftSubnetMatch(source, IpPrefix.Host(packet.Source)), new NftSubnetMatch(destination, IpPrefix.Host(packet.Destination)), new NftDecide(NftVerdict.Accept)]));
            return With(view, cause, accept);
        }

        return cause with { Advice = passage.Rule is null ? cause.Advice : BridgeCauses.In(view, cause.Advice) };
    }

    // Changes are made in the host's nf_tables only; what is in a container is its owner's.
    private static Cause With(NamespaceView view, Cause cause, NftChange change) => cause with { Advice = change.Text, Repair = view.IsHost ? [change] : [] };
}
