using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins;

/// <summary>
/// What the Go plugin's nftables backend left: rules in the tables <c>ip cni_hostport</c> and <c>ip6 cni_hostport</c> that name the container
/// only. So the container's attachments to other networks are told by the addresses, where these are known.
/// </summary>
internal static class GoNftablesPorts
{
    private static readonly string[] s_chains = ["hostports", "hostip_hostports", "masquerading"];

    private static readonly NftFamily[] s_families = [NftFamily.IPv4, NftFamily.IPv6];

    /// <summary>DEL: what removes an attachment's rules.</summary>
    /// <param name="host">Where they are.</param>
    /// <param name="container">The container.</param>
    /// <param name="addresses">The attachment's addresses, as far as they are known.</param>
    internal static List<Change> Removal(IHost host, string container, List<IPAddress> addresses)
    {
        List<Change> changes = [];
        foreach (GoPortRule rule in Find(
            host, rule => rule.Container == container && (addresses.Count == 0 || (rule.Address is { } address && addresses.Contains(address)))))
        {
            changes.Add(rule.Delete);
        }

        return changes;
    }

    /// <summary>Where a container's ports lead: its addresses and ports.</summary>
    internal static HashSet<IPEndPoint> Targets(IHost host, string container)
    {
        HashSet<IPEndPoint> targets = [];
        foreach (GoPortRule rule in Find(host, rule => rule.Container == container))
        {
            if (rule is { Address: { } address, Port: { } port })
            {
                targets.Add(new IPEndPoint(address, port));
            }
        }

        return targets;
    }

    /// <summary>
    /// GC: removes rules that lead to a network's addresses and belong to none of its valid attachments. The plugin that gives out the addresses
    /// asks for it: portmap is not told which they are.
    /// </summary>
    /// <param name="context">What the plugin works with.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="valid">Its valid attachments.</param>
    /// <param name="isOurs">Whether the network gives out an address.</param>
    /// <param name="isHeld">
    /// Whether a container has an address all the same, in another network or because it is being added. It is asked after the rules were read:
    /// an address is always taken before a rule leads there.
    /// </param>
    internal static void RemoveInvalid(
        PluginContext context, string network, ValidAttachments valid, Predicate<IPAddress> isOurs, Func<string, IPAddress, bool>? isHeld)
    {
        List<GoPortRule> rules = Find(
            context.Host,
            rule => rule.Address is { } address && isOurs(address)
                && !valid.Keeps(new AttachmentClaim(network) { ContainerId = rule.Container, Addresses = [address] }));
        if (rules.Count == 0)
        {
            return;
        }

        IReadOnlyList<RegisteredAttachment> registered =
            context.Attachments?.Of(new HashSet<string>(rules.ConvertAll(rule => rule.Container))) ?? [];
        while (rules.Count > 0)
        {
            GoPortRule first = rules[0];
            List<GoPortRule> alike = rules.FindAll(first.IsAlike);
            rules.RemoveAll(first.IsAlike);
            if (!IsRegistered(registered, first) && isHeld?.Invoke(first.Container, first.Address!) != true)
            {
                context.Collect(
                    new CollectedThing(CollectedKind.Rule, network, $"ports to {first.Address}", first.Container, null),
                    alike.ConvertAll(rule => rule.Delete));
            }
        }
    }

    private static bool IsRegistered(IReadOnlyList<RegisteredAttachment> registered, GoPortRule rule)
    {
        foreach (RegisteredAttachment attachment in registered)
        {
            if (attachment.ContainerId == rule.Container && attachment.MayHave(rule.Address!))
            {
                return true;
            }
        }

        return false;
    }

    private static List<GoPortRule> Find(IHost host, Predicate<GoPortRule> isMeant)
    {
        INftablesView view = host.Nftables(host.Namespace);
        List<GoPortRule> found = [];
        foreach (NftFamily family in s_families)
        {
            NftTable table = new(family, "cni_hostport");
            foreach (string chain in view.HasTable(table) ? s_chains : [])
            {
                foreach (NftRule rule in view.GetRules(table, chain))
                {
                    if (rule.Comment is not { } container)
                    {
                        continue;
                    }

                    NftRuleMeaning meaning = NftRuleMeaning.Of(rule, family);
                    // A port of one of the host's addresses asks for a destination as well: that is not the container's.
                    IPAddress? address = chain == "masquerading" ? meaning.Destination : meaning.SentTo;
                    GoPortRule candidate = new(container, address, meaning.SentToPort, new NftRuleDelete(host.Namespace, table, chain, rule.Handle));
                    if (isMeant(candidate))
                    {
                        found.Add(candidate);
                    }
                }
            }
        }

        return found;
    }

    private sealed record GoPortRule(string Container, IPAddress? Address, ushort? Port, Change Delete)
    {
        internal bool IsAlike(GoPortRule other) => Container == other.Container && Equals(Address, other.Address);
    }
}
