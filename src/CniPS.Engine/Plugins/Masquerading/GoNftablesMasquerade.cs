using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins;

/// <summary>
/// What the Go plugins leave in nf_tables when they masquerade (pkg/ip, ipmasq_nftables; since 1.6): a rule for each address in a table of their
/// own, with a comment that begins in a hash of the network and one of interface and container. Nothing of it is ever made here.
/// </summary>
internal static class GoNftablesMasquerade
{
    private const string Chain = "masq_checks";

    private const int HashBytes = 8;

    private static readonly NftTable s_table = new(NftFamily.Inet, "cni_plugins_masquerade");

    /// <summary>Whether an attachment has such rules. (Which of its addresses they are for is not looked at.)</summary>
    internal static bool Has(PluginContext context, PluginCall call) => RemoveWhere(context.Host, Belongs(call)).Count > 0;

    /// <summary>What removes an attachment's rules.</summary>
    internal static IReadOnlyList<Change> Remove(PluginContext context, PluginCall call) => RemoveWhere(context.Host, Belongs(call));

    /// <summary>GC: what removes the rules of a network that belong to none of its valid attachments.</summary>
    internal static IReadOnlyList<Change> RemoveInvalid(PluginContext context, string network, ValidAttachments valid)
    {
        string ours = HashOf(network) + "-";
        HashSet<string> keep = [];
        foreach ((string containerId, string interfaceName) in valid.Keys)
        {
            keep.Add(ours + HashOf(containerId, interfaceName));
        }

        // The hashes don't say whom a rule serves, but the rule itself does: what comes from his address.
        return RemoveWhere(
            context.Host,
            rule => rule.Comment is { } comment && comment.StartsWith(ours, StringComparison.Ordinal)
                && !keep.Contains(comment[..Math.Min(comment.Length, ours.Length + (2 * HashBytes))])
                && !valid.Keeps(new AttachmentClaim(network) { Addresses = SourceOf(rule) is { } source ? [source] : [] }));
    }

    // The table is of both IP versions: what asks for 16 bytes where IPv6 has its source can't be a rule for IPv4.
    private static IPAddress? SourceOf(NftRule rule) =>
        NftRuleMeaning.Of(rule, NftFamily.IPv6).Source ?? NftRuleMeaning.Of(rule, NftFamily.IPv4).Source;

    private static Predicate<NftRule> Belongs(PluginCall call)
    {
        string prefix = $"{HashOf(call.Network)}-{HashOf(call.ContainerId, call.InterfaceName)}";
        return rule => rule.Comment?.StartsWith(prefix, StringComparison.Ordinal) == true;
    }

    private static List<Change> RemoveWhere(IHost host, Predicate<NftRule> isMeant)
    {
        List<Change> changes = [];
        INftablesView view = host.Nftables(host.Namespace);
        if (view.HasTable(s_table))
        {
            foreach (NftRule rule in view.GetRules(s_table, Chain))
            {
                if (isMeant(rule))
                {
                    changes.Add(new NftRuleDelete(host.Namespace, s_table, Chain, rule.Handle));
                }
            }
        }

        return changes;
    }

    private static string HashOf(string network) => Sha512.Hex(network, HashBytes);

    private static string HashOf(string containerId, string interfaceName) => Sha512.Hex($"{interfaceName}:{containerId}", HashBytes);
}
