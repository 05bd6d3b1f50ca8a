using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>Follows a packet through the rules of one hook.</summary>
internal sealed class HookFilter(Journey journey)
{
    /// <summary>The packet behind the rules; null where one drops it.</summary>
    internal FilteredPacket? Pass(NamespaceView view, NftHookPoint hook, FilteredPacket packet) => PassAll(view, ChainsAt(view, hook, packet), hook, packet);

    /// <summary>Whether a frame that a bridge passes on survives IP's rules, of which br_netfilter has it pass those that translate nothing.</summary>
    internal bool PassesBridged(NamespaceView view, NftHookPoint hook, FilteredPacket packet) =>
        PassAll(view, [.. ChainsAt(view, hook, packet).Where(static chain => !chain.IsNat)], hook, packet) is not null;

    /// <summary>The frame behind the rules of a bridge; null where one drops it.</summary>
    internal FilteredPacket? PassBridge(NamespaceView view, NftHookPoint hook, FilteredPacket packet) =>
        PassAll(view, view.Rules.BridgeChainsAt(hook), hook, packet);

    /// <summary>The frame behind the rules of a link; null where one drops it.</summary>
    internal FilteredPacket? PassDevice(NamespaceView view, Link link, bool egress, FilteredPacket packet)
    {
        LinkFilters.Note(journey, view, link, egress, packet);
        return PassAll(view, view.Rules.DeviceChainsOf(link.Name, egress), egress ? NftHookPoint.Postrouting : NftHookPoint.Prerouting, packet);
    }

    private static List<PacketChain> ChainsAt(NamespaceView view, NftHookPoint hook, FilteredPacket packet)
    {
        List<PacketChain> chains = [.. view.Rules.ChainsAt(hook, packet.IsV6), .. view.Legacy(packet.IsV6).ChainsAt(hook)];
        return [.. chains.OrderBy(static chain => chain.Priority)];
    }

    private FilteredPacket? PassAll(NamespaceView view, IReadOnlyList<PacketChain> chains, NftHookPoint hook, FilteredPacket packet)
    {
        foreach (PacketChain chain in chains)
        {
            // Only a connection's first packet is translated, and each end of it once.
            bool isDone = packet.State != NftConnectionStates.New
                || (hook is NftHookPoint.Postrouting or NftHookPoint.Input ? packet.IsSourceTranslated : packet.IsDestinationTranslated);
            if (chain.IsNat && isDone)
            {
                continue;
            }

            ChainPassage passage = chain.Pass(packet with { TypeOf = view.TypeOf, LinkTo = view.LinkTo });
            if (passage.IsDropped && passage.IsCertain)
            {
                Drop(view, chain, passage, hook, packet);
                return null;
            }

            packet = packet with { Mark = passage.Mark, State = passage.IsUntracked ? NftConnectionStates.Untracked : packet.State };
            if (passage.Translation is { } translation)
            {
                packet = Translate(view, chain, translation, packet);
            }
            else if (!passage.IsCertain)
            {
                journey.Note(view, LinkOf(packet), "filter", $"{chain.Name}: can't be told", string.Join("; ", passage.Doubts), packet, HopVerdict.Unknown);
            }
            else if (!chain.IsNat)
            {
                journey.Note(view, LinkOf(packet), "filter", $"{chain.Name}: accept", passage.Rule is { } rule ? Words(rule) : "policy accept", packet);
            }
        }

        return packet;
    }

    private FilteredPacket Translate(NamespaceView view, PacketChain chain, Translation translation, FilteredPacket packet)
    {
        IPAddress? address = translation.ToLinkAddress ? LinkAddress(view, translation.OfSource ? packet.Output : packet.Input, packet.IsV6) : translation.Address;
        FilteredPacket changed = translation.OfSource
            ? packet with { Source = address ?? packet.Source, IsSourceTranslated = true, OriginalSource = new IPEndPoint(packet.Source, packet.SourcePort) }
            : packet with
            {
                Destination = address ?? packet.Destination,
                DestinationPort = translation.Port == 0 ? packet.DestinationPort : translation.Port,
                IsDestinationTranslated = true,
                OriginalDestination = new IPEndPoint(packet.Destination, packet.DestinationPort),
            };
        string port = !translation.OfSource && translation.Port != 0 ? $" port {translation.Port}" : "";
        journey.Note(view, LinkOf(packet), "nat", $"{(translation.OfSource ? "from" : "to")} {(translation.OfSource ? changed.Source : changed.Destination)}{port}", chain.Name, packet);
        return changed;
    }

    private static IPAddress? LinkAddress(NamespaceView view, Link? link, bool v6) =>
        view.Addresses.FirstOrDefault(held => held.LinkIndex == link?.Index && held.Address.IsV6 == v6 && held.IsGlobal)?.Address.Address;

    private void Drop(NamespaceView view, PacketChain chain, ChainPassage passage, NftHookPoint hook, FilteredPacket packet)
    {
        string what = $"{packet.Source} → {packet.Destination}";
        Cause cause = passage.Rule is { } rule
            ? new Cause(passage.IsRejected ? "RuleRejects" : "RuleDrops", view.Name, $"{rule.Chain} in {view.Name} {(passage.IsRejected ? "rejects" : "drops")} {what}: {rule.Text}", rule.Deletion)
            : new Cause("PolicyDrops", view.Name, $"{chain.Name} in {view.Name} lets {what} fall to its policy, drop", $"a rule in {chain.Name} that accepts it");
        cause = FilterRepair.Of(view, chain, passage, packet, cause);
        journey.Drop(view, LinkOf(packet), "filter", cause, passage.Rule is { } by ? Words(by) : $"policy drop at {hook.ToString().ToLowerInvariant()}", packet);
    }

    private static string Words(DecidingRule rule) =>
        $"{rule.Chain}{(rule.Handle == 0 ? "" : $" handle {rule.Handle}")}: {rule.Text}{(rule.Packets is { } packets ? $" ({packets} packets so far)" : "")}";

    private static string LinkOf(FilteredPacket packet) => packet.Output?.Name ?? packet.Input?.Name ?? "";
}
