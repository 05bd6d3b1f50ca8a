using System;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Main;

/// <summary>
/// What the Go bridge makes for <c>macspoofchk</c> (pkg/link/spoofcheck.go): two chains for each attachment, and a rule that goes there from one
/// that all share. It is never made here.
/// </summary>
internal static class GoSpoofCheck
{
    private const string Base = "PREROUTING", ChainPrefix = "cni-br-iface-", CommentPrefix = "macspoofchk-", MacSuffix = "-mac";

    private static readonly NftTable s_table = new(NftFamily.Bridge, "nat");

    /// <summary>Whether a port lets frames in from one address only, by an attachment's chains.</summary>
    /// <param name="host">Where they are.</param>
    /// <param name="call">The attachment.</param>
    /// <param name="port">The port.</param>
    /// <param name="address">The address.</param>
    internal static bool Has(IHost host, PluginCall call, string port, MacAddress address)
    {
        string id = IdOf(call.ContainerId, call.InterfaceName);
        INftablesView view = host.Nftables(host.Namespace);
        if (!view.HasChain(s_table, ChainPrefix + id) || !Find(view, found => found == id).Exists(guard => guard.Port == port))
        {
            return false;
        }

        byte[] bytes = new byte[6];
        address.CopyTo(bytes);
        IReadOnlyList<NftRule> rules = view.GetRules(s_table, $"{ChainPrefix}{id}-mac");
        return view.GetRules(s_table, ChainPrefix + id).Count > 0 && rules.Count == 2 && rules[0].Expressions.Span.IndexOf(bytes) >= 0;
    }

    /// <summary>What removes an attachment's chains.</summary>
    internal static IReadOnlyList<Change> Remove(IHost host, PluginCall call)
    {
        string id = IdOf(call.ContainerId, call.InterfaceName);
        if (ChainPrefix.Length + id.Length + MacSuffix.Length > NftChain.LongestName)
        {
            return []; // which the Go plugin could not have made
        }

        INftablesView view = host.Nftables(host.Namespace);
        if (!view.HasChain(s_table, ChainPrefix + id))
        {
            return [];
        }

        List<NftRule> rules = [.. view.GetRules(s_table, Base)];
        return Removal(host, id, rules.FindAll(rule => rule.Comment == CommentPrefix + id), keepsChains: false);
    }

    /// <summary>
    /// GC: removes the chains of ports that are not there any more, which serve nobody, whatever network they were of; and those of this
    /// network's bridge that belong to attachments of which something else was collected, such as a lease. (Neither chains nor rules say which
    /// network they are of, and others may use the bridge.)
    /// </summary>
    /// <param name="context">What was collected.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="valid">Its valid attachments.</param>
    /// <param name="bridge">Its bridge; null where there is none.</param>
    internal static void RemoveInvalid(PluginContext context, string network, ValidAttachments valid, Link? bridge)
    {
        IHost host = context.Host;
        INftablesView view = host.Nftables(host.Namespace);
        if (!view.HasTable(s_table))
        {
            return;
        }

        HashSet<string> keep = [];
        foreach ((string containerId, string interfaceName) in valid.Keys)
        {
            keep.Add(IdOf(containerId, interfaceName));
        }

        // The rules first: a port is always made before its rule, so that one that is not found afterwards has been removed.
        List<Guard> guards = Find(view, id => !keep.Contains(id));
        while (guards.Count > 0)
        {
            string id = guards[0].Id;
            List<Guard> alike = guards.FindAll(guard => guard.Id == id);
            guards.RemoveAll(guard => guard.Id == id);
            CollectedThing? owner = FindCollected(context, network, id);
            List<Guard> stale = alike.FindAll(guard =>
                host.FindLink(host.Namespace, guard.Port) is not { } link
                || (owner is not null && bridge is not null && link.Master == bridge.Index));
            if (stale.Count > 0)
            {
                context.Collect(
                    new CollectedThing(CollectedKind.Rule, network, CommentPrefix + id, owner?.ContainerId, owner?.InterfaceName),
                    Removal(host, id, stale.ConvertAll(guard => guard.Rule), keepsChains: stale.Count < alike.Count));
            }
        }
    }

    private static List<Guard> Find(INftablesView view, Predicate<string> isMeant)
    {
        List<Guard> found = [];
        foreach (NftRule rule in view.GetRules(s_table, Base))
        {
            if (rule.Comment is { } comment && comment.StartsWith(CommentPrefix, StringComparison.Ordinal)
                && NftRuleMeaning.Of(rule, s_table.Family) is { InputInterface: { } port, JumpsTo: { } chain })
            {
                string id = comment[CommentPrefix.Length..];
                if (chain == ChainPrefix + id && isMeant(id))
                {
                    found.Add(new Guard(id, port, rule));
                }
            }
        }

        return found;
    }

    // The id alone does not tell container and interface apart: both may have a hyphen.
    private static CollectedThing? FindCollected(PluginContext context, string network, string id)
    {
        foreach (CollectedThing thing in context.Collected)
        {
            if (thing is { ContainerId: { } container, InterfaceName: { } name } && thing.Network == network && IdOf(container, name) == id)
            {
                return IsRegistered(context, container, name) ? null : thing;
            }
        }

        return null;
    }

    private static bool IsRegistered(PluginContext context, string container, string interfaceName)
    {
        foreach (RegisteredAttachment attachment in context.Attachments?.Of([container]) ?? [])
        {
            if (attachment.InterfaceName == interfaceName)
            {
                return true;
            }
        }

        return false;
    }

    private static List<Change> Removal(IHost host, string id, List<NftRule> rules, bool keepsChains)
    {
        List<Change> changes = rules.ConvertAll<Change>(rule => new NftRuleDelete(host.Namespace, s_table, Base, rule.Handle));
        if (!keepsChains)
        {
            changes.Add(new NftChainDelete(host.Namespace, s_table, ChainPrefix + id));
            changes.Add(new NftChainDelete(host.Namespace, s_table, ChainPrefix + id + MacSuffix));
        }

        return changes;
    }

    private static string IdOf(string containerId, string interfaceName) => $"{containerId}-{interfaceName}";

    private sealed record Guard(string Id, string Port, NftRule Rule);
}
