using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>A network of which a node has a subnet.</summary>
/// <param name="Network">All nodes' addresses.</param>
/// <param name="Own">This node's.</param>
public readonly record struct NodeNetwork(IpPrefix Network, IpPrefix Own);

/// <summary>
/// Masquerading for a whole network of which each node has a subnet, as flanneld's <c>--ip-masq</c> does it (its pkg/trafficmngr): what leaves the network has the node's address,
/// and what comes into it from the node itself has one that other nodes know the way to. Between containers addresses stay.
/// <code>
/// table inet cnips-node {
///     chain masquerade4 {
///         type nat hook postrouting priority srcnat; policy accept;
///         ip saddr 10.5.34.0/24 ip daddr 10.5.0.0/16 return
///         ip saddr 10.5.0.0/16 ip daddr 10.5.34.0/24 return
///         ip saddr != 10.5.0.0/16 ip daddr 10.5.34.0/24 return
///         ip saddr 10.5.0.0/16 ip daddr != 224.0.0.0/4 masquerade
///         ip saddr != 10.5.0.0/16 ip daddr 10.5.0.0/16 masquerade
///     }
/// }
/// </code>
/// </summary>
public static class NodeMasquerade
{
    private static readonly IpPrefix s_multicast4 = new(new IPAddress([224, 0, 0, 0]), 4);
    private static readonly IpPrefix s_multicast6 = new(IPAddress.Parse("ff00::"), 8);

    /// <summary>The table.</summary>
    public static NftTable Table { get; } = new(NftFamily.Inet, "cnips-node");

    /// <summary>What is missing, or not as it should be; nothing, most of the time.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="networks">One network a family.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, NetworkNamespace ns, IReadOnlyList<NodeNetwork> networks)
    {
        List<NftChange> wanted = [new NftTableAdd(ns, Table, "CniPS: what leaves the network of this node's containers")];
        foreach (NodeNetwork network in networks)
        {
            wanted.Add(new NftChainAdd(
                ns,
                Table,
                network.Network.IsV6 ? "masquerade6" : "masquerade4",
                new NftHook(NftChainType.Nat, NftHookPoint.Postrouting, NftHook.SourceNat, NftVerdictKind.Accept))
            {
                Rules = Rules(network.Network, network.Own),
            });
        }

        return NftSharedRules.Missing(view, wanted);
    }

    private static NftRuleBody[] Rules(IpPrefix network, IpPrefix own)
    {
        NftDecide leave = new(NftVerdict.Return);
        return
        [
            new NftRuleBody([NftSubnetMatch.Source(own), NftSubnetMatch.Destination(network), leave]),
            new NftRuleBody([NftSubnetMatch.Source(network), NftSubnetMatch.Destination(own), leave]),
            new NftRuleBody([NftSubnetMatch.Source(network, not: true), NftSubnetMatch.Destination(own), leave]),
            new NftRuleBody([NftSubnetMatch.Source(network), NftSubnetMatch.Destination(network.IsV6 ? s_multicast6 : s_multicast4, not: true), new NftMasquerade()]),
            new NftRuleBody([NftSubnetMatch.Source(network, not: true), NftSubnetMatch.Destination(network), new NftMasquerade()]),
        ];
    }
}
