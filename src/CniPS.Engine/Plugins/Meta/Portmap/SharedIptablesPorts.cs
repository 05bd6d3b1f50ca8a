using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;

namespace CniPS.Plugins.Meta;

/// <summary>The chains that port mappings share in iptables, under the Go plugin's names.</summary>
internal sealed record SharedIptablesPorts : SharedThing
{
    internal const string KindName = "iptables-ports";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host)
    {
        List<Change> changes = [];
        IIptablesView view = host.Iptables(host.Namespace);
        foreach (bool v6 in (bool[])[false, true])
        {
            IptablesTable nat = new(v6, "nat");
            if (view.MayHave(nat, IptablesPortRules.AllPorts) || view.MayHave(nat, IptablesPortRules.SetMark))
            {
                changes.AddRange(Removal(host.Namespace, nat, view.Read(nat)));
            }
        }

        return changes;
    }

    public override bool IsGone(IHost host) =>
        !HasAny(host, "nat", IptablesPortRules.AllPorts, IptablesPortRules.SetMark, IptablesPortRules.Masquerade);

    /// <summary>Whether a table, of either family, has one of some chains.</summary>
    internal static bool HasAny(IHost host, string table, params ReadOnlySpan<string> chains)
    {
        IIptablesView view = host.Iptables(host.Namespace);
        foreach (bool v6 in (bool[])[false, true])
        {
            IptablesTable asked = new(v6, table);
            foreach (string chain in chains)
            {
                if (view.MayHave(asked, chain) && view.Read(asked).HasChain(chain))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static IEnumerable<Change> Removal(NetworkNamespace ns, IptablesTable nat, IptablesContent content)
    {
        if (content.RulesOf(IptablesPortRules.AllPorts).Count > 0)
        {
            yield break;
        }

        List<(string Chain, IptablesRule Rule)> entries = [.. IptablesPortRules.EnterAllPorts];
        List<string> chains = [IptablesPortRules.AllPorts];
        if (!content.IsUsed(IptablesPortRules.SetMark))
        {
            entries.Add(IptablesPortRules.EnterMasquerade);
            chains.AddRange([IptablesPortRules.Masquerade, IptablesPortRules.SetMark]);
        }

        foreach ((string chain, IptablesRule rule) in entries)
        {
            if (content.HasRule(chain, rule))
            {
                yield return new IptablesRuleDelete(ns, nat, chain, rule);
            }
        }

        foreach (string chain in chains)
        {
            if (content.HasChain(chain))
            {
                yield return new IptablesChainDelete(ns, nat, chain);
            }
        }
    }

    public override void Write(Utf8JsonWriter writer)
    {
        // There is nothing to tell: what is unused is found by looking.
    }
}
