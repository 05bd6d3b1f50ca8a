using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>iptables: the Go plugin's chains, one for each container on a network.</summary>
internal sealed class IptablesPorts : IPortBackend
{
    private readonly PluginContext _context;
    private readonly PluginCall _call;
    private readonly PortmapConfiguration _configuration;
    private readonly IHost _host;
    private readonly NetworkNamespace _namespace;
    private readonly string _chain;

    internal IptablesPorts(PluginContext context, PluginCall call, PortmapConfiguration configuration)
    {
        _context = context;
        _call = call;
        _configuration = configuration;
        _host = context.Host;
        _namespace = _host.Namespace;
        _chain = IptablesPortRules.ChainOf(call.Network, call.ContainerId);
    }

    private IIptablesView View => _host.Iptables(_namespace);

    public void Add(PortmapTargets targets)
    {
        using (_host.LockNamespace(_namespace, exclusive: true, _context.Cancellation))
        {
            List<Change> left = [], shared = [], own = [];
            foreach (IpPrefix address in targets.Addresses)
            {
                IptablesTable nat = Nat(address.IsV6);
                IptablesContent content = View.Read(nat);
                left.AddRange(Left(nat, content, targets.PortsOf(address.Family)));
                shared.AddRange(Missing(nat, content, IptablesPortRules.Shared(_configuration)));
                own.AddRange(Missing(nat, content, Own(targets, address)));
            }

            if (!_host.IsPlan && IptablesUndo.Of(View, left) is { Count: > 0 } undo)
            {
                _context.Transaction.OnRollback(() => _host.Apply([.. undo]));
            }

            _context.Apply(left);
            if (shared.Count > 0)
            {
                _context.Transaction.ApplyShared(new SharedIptablesPorts(), shared);
            }

            _context.Apply(own);
        }
    }

    public IReadOnlyList<Difference> Check(PortmapTargets targets)
    {
        List<Difference> differences = [];
        foreach (IpPrefix address in targets.Addresses)
        {
            IptablesTable nat = Nat(address.IsV6);
            IptablesContent content = View.Read(nat);
            List<Change> missing =
                [.. Missing(nat, content, IptablesPortRules.Shared(_configuration)), .. Missing(nat, content, Own(targets, address))];
            string family = address.IsV6 ? "ipv6" : "ipv4";
            foreach (Change change in missing)
            {
                (string what, string problem) = change switch
                {
                    IptablesRuleAdd add => ($"rule in chain {add.Chain}", $"chain {add.Chain} lacks the rule {add.Rule}"),
                    IptablesChange add => ($"chain {add.Chain}", $"chain {add.Chain} not found in iptables table nat"),
                    _ => (change.Operation, change.Operation),
                };
                differences.Add(new Difference(what, change.Text, null, $"could not check {family} dnat: {problem}") { Repair = [change] });
            }
        }

        return differences;
    }

    public bool Has(PortmapTargets targets)
    {
        foreach (bool v6 in (bool[])[false, true])
        {
            if (View.MayHave(Nat(v6), _chain) && View.Read(Nat(v6)).HasChain(_chain))
            {
                return true;
            }
        }

        return false;
    }

    public void Remove(PortmapTargets targets) => _context.Apply(Removal(targets));

    public IReadOnlyList<Change> Removal(PortmapTargets targets)
    {
        List<Change> changes = [];
        foreach (bool v6 in (bool[])[false, true])
        {
            // CNI-SN-: from versions before 0.8.
            foreach (string chain in (string[])[_chain, IptablesPortRules.ChainOf(_call.Network, _call.ContainerId, "CNI-SN-")])
            {
                if (View.MayHave(Nat(v6), chain))
                {
                    changes.AddRange(Removal(Nat(v6), View.Read(Nat(v6)), chain));
                }
            }
        }

        return changes;
    }

    public void RemoveInvalid(ValidAttachments valid)
    {
        List<Change> changes = [];
        foreach (bool v6 in (bool[])[false, true])
        {
            if (!View.MayHave(Nat(v6), IptablesPortRules.AllPorts))
            {
                continue;
            }

            IptablesContent content = View.Read(Nat(v6));
            HashSet<string> gone = [];
            foreach (IptablesRule rule in content.RulesOf(IptablesPortRules.AllPorts))
            {
                if (IptablesPortRules.ContainerOf(rule.Comment, _call.Network) is { } container
                    && !valid.Keeps(new AttachmentClaim(_call.Network) { ContainerId = container, Addresses = DestinationsOf(content, IptablesPortRules.ChainOf(_call.Network, container)) }))
                {
                    gone.Add(IptablesPortRules.ChainOf(_call.Network, container));
                }
            }

            foreach (string chain in gone)
            {
                changes.AddRange(Removal(Nat(v6), content, chain));
            }
        }

        _context.Apply(changes);
    }

    public void RequireUsable()
    {
        if (!View.IsAvailable(v6: false) && !View.IsAvailable(v6: true))
        {
            throw new CniException(CniErrorIds.IptablesFailed, CniErrorCode.PluginNotAvailable, "neither iptables nor ip6tables is usable")
            {
                PluginType = "portmap",
                RecommendedAction = "Install the package iptables, or leave out \"backend\": nftables needs no program.",
            };
        }
    }

    // Where the rules of a container's chain send what comes.
    private static List<IPAddress> DestinationsOf(IptablesContent content, string chain)
    {
        List<IPAddress> addresses = [];
        foreach (IptablesRule rule in content.RulesOf(chain))
        {
            if (IPEndPoint.TryParse(rule.ValueOf("--to-destination") ?? "", out IPEndPoint? to) && !addresses.Contains(to.Address))
            {
                addresses.Add(to.Address);
            }
        }

        return addresses;
    }

    private static IptablesTable Nat(bool v6) => new(v6, "nat");

    private IEnumerable<(string Chain, IptablesRule? Rule, bool First)> Own(PortmapTargets targets, IpPrefix address)
    {
        yield return (_chain, null, false);
        foreach (IptablesRule rule in IptablesPortRules.Rules(_configuration, address, targets.PortsOf(address.Family)))
        {
            yield return (_chain, rule, false);
        }

        foreach (IptablesRule entry in IptablesPortRules.Entries(_configuration, _call.Network, _call.ContainerId, address.IsV6))
        {
            yield return (IptablesPortRules.AllPorts, entry, false);
        }
    }

    private IEnumerable<Change> Missing(
        IptablesTable nat, IptablesContent content, IEnumerable<(string Chain, IptablesRule? Rule, bool First)> wanted)
    {
        foreach ((string chain, IptablesRule? rule, bool first) in wanted)
        {
            if (rule is null)
            {
                if (!content.HasChain(chain))
                {
                    yield return new IptablesChainAdd(_namespace, nat, chain);
                }
            }
            else if (!content.HasRule(chain, rule))
            {
                yield return new IptablesRuleAdd(_namespace, nat, chain, rule) { First = first };
            }
        }
    }

    private IEnumerable<Change> Removal(IptablesTable nat, IptablesContent content, string chain)
    {
        foreach (string other in content.Chains)
        {
            foreach (IptablesRule rule in content.RulesOf(other))
            {
                if (rule.Target == chain)
                {
                    yield return new IptablesRuleDelete(_namespace, nat, other, rule);
                }
            }
        }

        if (content.HasChain(chain))
        {
            yield return new IptablesChainDelete(_namespace, nat, chain);
        }
    }

    /// <summary>What removes the chains of containers that are proven gone and have one of these ports.</summary>
    /// <exception cref="CniException">One that is not has a port.</exception>
    private List<Change> Left(IptablesTable nat, IptablesContent content, IReadOnlyList<ForwardedPort> ports)
    {
        HashSet<string> gone = [];
        List<Change> changes = [];
        foreach (IptablesRule entry in content.RulesOf(IptablesPortRules.AllPorts))
        {
            // A container may have its ports on each of its networks: the first one's chain is asked first.
            if (entry.Target is not { } chain || chain == _chain || IptablesPortRules.LeadsTo(entry, _call.ContainerId) || gone.Contains(chain))
            {
                continue;
            }

            foreach (IptablesRule rule in content.RulesOf(chain))
            {
                foreach (ForwardedPort port in ports)
                {
                    if (IptablesPortRules.Takes(rule, port) && gone.Add(chain))
                    {
                        AttachmentClaim? claim = IptablesPortRules.ClaimOf(entry, rule);
                        string? why = claim is null ? "" : _context.WhyHeld(claim);
                        if (why is not null)
                        {
                            throw PortTaken.Error(port, entry.Comment ?? chain, why.Length > 0 ? why : null);
                        }

                        changes.AddRange(Removal(nat, content, chain));
                    }
                }
            }
        }

        return changes;
    }
}
