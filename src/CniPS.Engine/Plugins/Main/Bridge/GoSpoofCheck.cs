using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Nftables;

namespace CniPS.Plugins.Main;

/// <summary>
/// What the Go bridge makes for <c>macspoofchk</c> (pkg/link/spoofcheck.go): two chains for each attachment, and a rule that goes there from one
/// that all share. It is only ever removed here.
/// </summary>
internal static class GoSpoofCheck
{
    private const string Base = "PREROUTING";

    private static readonly NftTable s_table = new(NftFamily.Bridge, "nat");

    /// <summary>What removes an attachment's chains.</summary>
    internal static IReadOnlyList<Change> Remove(IHost host, PluginCall call)
    {
        string chain = $"cni-br-iface-{call.ContainerId}-{call.InterfaceName}", comment = $"macspoofchk-{call.ContainerId}-{call.InterfaceName}";
        INftablesView view = host.Nftables(host.Namespace);
        if (!view.HasChain(s_table, chain))
        {
            return [];
        }

        List<Change> changes = [];
        foreach (NftRule rule in view.GetRules(s_table, Base))
        {
            if (rule.Comment == comment)
            {
                changes.Add(new NftRuleDelete(host.Namespace, s_table, Base, rule.Handle));
            }
        }

        changes.Add(new NftChainDelete(host.Namespace, s_table, chain));
        changes.Add(new NftChainDelete(host.Namespace, s_table, chain + "-mac"));
        return changes;
    }
}
