using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>iptables: the Go plugin's chains, two rules for each address.</summary>
internal sealed class IptablesFirewall : IFirewallBackend
{
    private readonly PluginContext _context;
    private readonly FirewallConfiguration _configuration;
    private readonly IHost _host;
    private readonly NetworkNamespace _namespace;

    internal IptablesFirewall(PluginContext context, FirewallConfiguration configuration)
    {
        _context = context;
        _configuration = configuration;
        _host = context.Host;
        _namespace = _host.Namespace;
    }

    private IIptablesView View => _host.Iptables(_namespace);

    public void Add(FirewallTargets targets)
    {
        using (_host.LockNamespace(_namespace, exclusive: true, _context.Cancellation))
        {
            List<Change> shared = [], own = [];
            foreach ((IptablesTable table, IReadOnlyList<IPAddress> addresses) in Families(targets))
            {
                IptablesContent content = View.Read(table);
                shared.AddRange(Missing(table, content, Shared(targets)));
                own.AddRange(Missing(table, content, Own(addresses)));
            }

            if (shared.Count > 0)
            {
                _context.Transaction.ApplyShared(new SharedIptablesFirewall(_configuration.AdminChain), shared);
            }

            _context.Apply(own);
        }
    }

    public IReadOnlyList<Difference> Check(FirewallTargets targets)
    {
        List<Difference> differences = [];
        foreach ((IptablesTable table, IReadOnlyList<IPAddress> addresses) in Families(targets))
        {
            IptablesContent content = View.Read(table);
            foreach (IptablesChange change in Missing(table, content, [.. Shared(targets), .. Own(addresses)]))
            {
                string family = table.IsV6 ? "IPv6" : "IPv4";
                differences.Add(change is IptablesRuleAdd { Rule: { } rule, Chain: { } chain }
                    ? new Difference($"{family} rule in chain {chain}", rule.ToString(), null, $"expected {chain} rule [{string.Join(' ', rule.Words)}] not found") { Repair = [change] }
                    : new Difference($"{family} chain {change.Chain}", "there", null, $"chain {change.Chain} not found in iptables table filter") { Repair = [change] });
            }
        }

        return differences;
    }

    public bool Has(FirewallTargets targets) => Removal(targets).Count > 0;

    public void Remove(FirewallTargets targets) => _context.Apply(Removal(targets));

    public IReadOnlyList<Change> Removal(FirewallTargets targets)
    {
        List<Change> changes = [];
        foreach ((IptablesTable table, IReadOnlyList<IPAddress> addresses) in Families(targets))
        {
            if (!View.MayHave(table, IptablesFirewallRules.Forward))
            {
                continue;
            }

            IptablesContent content = View.Read(table);
            foreach (PlacedRule own in Own(addresses))
            {
                if (content.HasRule(own.Chain, own.Rule!))
                {
                    changes.Add(new IptablesRuleDelete(_namespace, table, own.Chain, own.Rule!));
                }
            }
        }

        return changes;
    }

    // The Go plugin's rules don't say whom they serve: only what is shared can be told to be unused.
    public void RemoveInvalid(ValidAttachments valid)
    {
        using (_host.LockNamespace(_namespace, exclusive: true, _context.Cancellation))
        {
            _context.Apply(new SharedIptablesFirewall(_configuration.AdminChain).Removal(_host));
        }
    }

    public void RequireUsable()
    {
        if (!View.IsAvailable(v6: false) && !View.IsAvailable(v6: true))
        {
            throw new CniException(CniErrorIds.IptablesFailed, CniErrorCode.PluginNotAvailable, "neither iptables nor ip6tables is usable")
            {
                PluginType = "firewall",
                RecommendedAction = "Install the package iptables, or use the backend \"nftables\", which needs no program.",
            };
        }
    }

    // The chains that every container goes through, and what a policy asks of the bridge.
    private IEnumerable<PlacedRule> Shared(FirewallTargets targets) =>
    [
        .. IptablesFirewallRules.Shared(_configuration.AdminChain),
        .. targets.Bridge is { } bridge ? IptablesFirewallRules.Isolation(bridge, _configuration.Policy == IngressPolicy.Isolated) : [],
    ];

    private static IEnumerable<PlacedRule> Own(IReadOnlyList<IPAddress> addresses)
    {
        foreach (IPAddress address in addresses)
        {
            foreach (PlacedRule rule in IptablesFirewallRules.Of(address))
            {
                yield return rule;
            }
        }
    }

    // The families that the container has addresses of.
    private static IEnumerable<(IptablesTable Table, IReadOnlyList<IPAddress> Addresses)> Families(FirewallTargets targets)
    {
        foreach (bool v6 in (bool[])[false, true])
        {
            if (targets.Of(v6) is { Count: > 0 } addresses)
            {
                yield return (new IptablesTable(v6, "filter"), addresses);
            }
        }
    }

    private IEnumerable<IptablesChange> Missing(IptablesTable table, IptablesContent content, IEnumerable<PlacedRule> wanted)
    {
        foreach ((string chain, IptablesRule? rule, bool first) in wanted)
        {
            if (rule is null)
            {
                if (!content.HasChain(chain))
                {
                    yield return new IptablesChainAdd(_namespace, table, chain);
                }
            }
            else if (!content.HasRuleLike(chain, rule))
            {
                yield return new IptablesRuleAdd(_namespace, table, chain, rule) { First = first };
            }
        }
    }
}
