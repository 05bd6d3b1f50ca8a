using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;

namespace CniPS.Plugins.Meta;

/// <summary>
/// The chains that containers share in iptables, under the Go plugin's names. They are unused once no address has a rule, a bridge's once the
/// bridge has no port; the administrator's chain stays while anything is in it.
/// </summary>
/// <param name="AdminChain">The administrator's chain.</param>
internal sealed record SharedIptablesFirewall(string AdminChain) : SharedThing
{
    internal const string KindName = "iptables-firewall";

    public override string Kind => KindName;

    public override IReadOnlyList<Change> Removal(IHost host)
    {
        List<Change> changes = [];
        IIptablesView view = host.Iptables(host.Namespace);
        foreach (bool v6 in (bool[])[false, true])
        {
            IptablesTable table = new(v6, "filter");
            if (view.MayHave(table, IptablesFirewallRules.Forward) || view.MayHave(table, IptablesFirewallRules.Stage1))
            {
                IptablesContent content = view.Read(table);
                changes.AddRange(OfPolicies(host, table, content));
                changes.AddRange(OfAddresses(host.Namespace, table, content));
            }
        }

        return changes;
    }

    public override bool IsGone(IHost host) =>
        !SharedIptablesPorts.HasAny(host, "filter", IptablesFirewallRules.Forward, IptablesFirewallRules.Stage1, IptablesFirewallRules.Stage2);

    private static List<Change> OfPolicies(IHost host, IptablesTable table, IptablesContent content)
    {
        NetworkNamespace ns = host.Namespace;
        List<Change> changes = [];
        bool isUsed = false;
        foreach ((string chain, string option) in ((string, string)[])[(IptablesFirewallRules.Stage1, "-i"), (IptablesFirewallRules.Stage2, "-o")])
        {
            foreach (IptablesRule rule in content.RulesOf(chain))
            {
                if (rule.ValueOf(option) is not { } bridge)
                {
                    isUsed |= rule.Target != "RETURN"; // somebody else's
                }
                else if (FirewallTargets.HasPorts(host, bridge))
                {
                    isUsed = true;
                }
                else
                {
                    changes.Add(new IptablesRuleDelete(ns, table, chain, rule));
                }
            }
        }

        if (!isUsed && content.HasChain(IptablesFirewallRules.Stage1))
        {
            List<IptablesRule> entries = [.. content.RulesOf(IptablesFirewallRules.Base)];
            changes =
            [
                .. entries.FindAll(IptablesFirewallRules.EnterIsolation.IsLike).ConvertAll<Change>(entry => new IptablesRuleDelete(ns, table, IptablesFirewallRules.Base, entry)),
                new IptablesChainDelete(ns, table, IptablesFirewallRules.Stage1),
                new IptablesChainDelete(ns, table, IptablesFirewallRules.Stage2),
            ];
        }

        return changes;
    }

    private IEnumerable<Change> OfAddresses(NetworkNamespace ns, IptablesTable table, IptablesContent content)
    {
        IptablesRule enterAdmin = IptablesFirewallRules.EnterAdmin(AdminChain);
        IReadOnlyList<IptablesRule> rules = content.RulesOf(IptablesFirewallRules.Forward);
        bool isUsed = rules.Count > 1 || (rules.Count == 1 && !rules[0].Equals(enterAdmin)) || content.RulesOf(AdminChain).Count > 0;
        if (isUsed || !content.HasChain(IptablesFirewallRules.Forward))
        {
            yield break;
        }

        yield return new IptablesRuleDelete(ns, table, IptablesFirewallRules.Base, IptablesFirewallRules.EnterForward);
        yield return new IptablesChainDelete(ns, table, IptablesFirewallRules.Forward);
        if (content.HasChain(AdminChain))
        {
            yield return new IptablesChainDelete(ns, table, AdminChain);
        }
    }

    public override void Write(Utf8JsonWriter writer) => writer.WriteString("adminChain", AdminChain);

    internal static SharedIptablesFirewall Read(JsonElement json) => new(json.GetProperty("adminChain").GetString()!);
}
