using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>
/// CniPS's rules for masquerading, as pure functions: what a container sends anywhere but to its own subnet and to multicast groups leaves
/// with the host's address. An element for each container's address sends its packets to a chain of its subnet:
/// <code>
/// table inet cnips {
///     map masquerade4 { type ipv4_addr : verdict; elements = { 10.15.20.2 comment "…" : goto beyond-10.15.20.0/24 } }
///     map masquerade6 { type ipv6_addr : verdict; }
///     chain postrouting {
///         type nat hook postrouting priority srcnat; policy accept;
///         ip saddr vmap @masquerade4
///         ip6 saddr vmap @masquerade6
///     }
///     chain beyond-10.15.20.0/24 { ip daddr 10.15.20.0/24 return; ip daddr 224.0.0.0/4 return; masquerade }
/// }
/// </code>
/// So an attachment costs one element, however many there are. The shared part (<see cref="Missing"/>) is made once. Its undo, applied as
/// one, fails as one (EBUSY) while anybody has an element.
/// </summary>
public static class Masquerade
{
    /// <summary>The name of the base chain.</summary>
    public const string BaseChain = "postrouting";

    private const string SubnetChainPrefix = "beyond-";

    /// <summary>The table.</summary>
    public static NftTable Table { get; } = new(NftFamily.Inet, "cnips");

    /// <summary>The map of IPv4 addresses.</summary>
    public static NftSet Map4 { get; } = new(Table, "masquerade4", NftType.IPv4Address, NftType.Verdict);

    /// <summary>The map of IPv6 addresses.</summary>
    public static NftSet Map6 { get; } = new(Table, "masquerade6", NftType.IPv6Address, NftType.Verdict);

    /// <summary>The chain of an address's subnet. nft's names have no colon, so IPv6 writes a hyphen: <c>beyond-fd00-1--/64</c>.</summary>
    public static string ChainOf(IpPrefix address) => SubnetChainPrefix + address.Network.ToString().Replace(':', '-');

    /// <summary>What is shared and not there yet: table, maps, base chain, the subnet's chain. Nothing, most of the time.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, NetworkNamespace ns, IpPrefix address)
    {
        string subnetChain = ChainOf(address);
        bool hasBase = view.HasChain(Table, BaseChain);
        bool hasSubnet = view.HasChain(Table, subnetChain);
        if (hasBase && hasSubnet)
        {
            return [];
        }

        List<NftChange> missing = [];
        if (!hasBase)
        {
            missing.Add(new NftTableAdd(ns, Table, "CniPS: container networks"));
            missing.Add(new NftSetAdd(ns, Map4, "containers that leave their subnet with the host's address"));
            missing.Add(new NftSetAdd(ns, Map6, "containers that leave their subnet with the host's address"));
            missing.Add(new NftChainAdd(ns, Table, BaseChain, new NftHook(NftChainType.Nat, NftHookPoint.Postrouting, NftHook.SourceNat, NftVerdictKind.Accept))
            {
                Rules =
                [
                    new NftRuleBody([new NftVerdictMap(new NftSelector(NftField.IpSaddr), Map4)]),
                    new NftRuleBody([new NftVerdictMap(new NftSelector(NftField.Ip6Saddr), Map6)]),
                ],
            });
        }

        if (!hasSubnet)
        {
            IpPrefix multicast = address.IsV6 ? new(IPAddress.Parse("ff00::"), 8) : new(new IPAddress([224, 0, 0, 0]), 4);
            missing.Add(new NftChainAdd(ns, Table, subnetChain, Comment: $"masquerade what leaves {address.Network}")
            {
                Rules =
                [
                    new NftRuleBody([NftSubnetMatch.Destination(address.Network), new NftDecide(NftVerdict.Return)]),
                    new NftRuleBody([NftSubnetMatch.Destination(multicast), new NftDecide(NftVerdict.Return)]),
                    new NftRuleBody([new NftMasquerade()]),
                ],
            });
        }

        return missing;
    }

    /// <summary>Masquerades a container's address. It fails (EEXIST) where the address is masqueraded already, whoever it serves.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    /// <param name="comment">Whom it serves.</param>
    public static NftElementAdd Add(NetworkNamespace ns, IpPrefix address, string comment) =>
        new(ns, MapOf(address.Family), NftValue.Of(address.Address), NftVerdict.Goto(ChainOf(address)), comment);

    /// <summary>
    /// What makes a container's address masqueraded in its name: nothing where it is; and where a leftover, or another one's element, has the
    /// address, that is replaced.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    /// <param name="comment">Whom it serves.</param>
    public static IReadOnlyList<NftChange> Assign(INftablesView view, NetworkNamespace ns, IpPrefix address, string comment)
    {
        NftElementAdd add = Add(ns, address, comment);
        NftElement? old = view.FindElement(add.Set, add.Key);
        return old is null ? [add] : old == add.Element ? [] : [Remove(ns, address.Address), add];
    }

    /// <summary>Masquerades an address no more. One that isn't counts as done.</summary>
    public static NftElementDelete Remove(NetworkNamespace ns, IPAddress address) => new(ns, MapOf(address.AddressFamily), NftValue.Of(address));

    /// <summary>Whom a masqueraded address serves: its element, or null.</summary>
    public static NftElement? Find(INftablesView view, IPAddress address) => view.FindElement(MapOf(address.AddressFamily), NftValue.Of(address));

    /// <summary>The addresses masqueraded for one, found by comment: both maps are read. For when the addresses are not known.</summary>
    public static IReadOnlyList<IPAddress> FindOwned(INftablesView view, string comment)
    {
        string? fitted = NftComment.Fit(comment);
        List<IPAddress> found = [];
        foreach (NftElement element in Elements(view))
        {
            if (element.Comment == fitted && element.Key.Address is { } address)
            {
                found.Add(address);
            }
        }

        return found;
    }

    /// <summary>All masqueraded addresses: whom each serves is its comment.</summary>
    public static IReadOnlyList<NftElement> Elements(INftablesView view) => [.. view.GetElements(Map4), .. view.GetElements(Map6)];

    /// <summary>
    /// What nobody uses any more: the chains of subnets that no element goes to, and when no element is left, everything (the table only if
    /// nothing else is in it). The changes belong in one transaction, which fails (EBUSY) as a whole if somebody comes meanwhile.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    public static IReadOnlyList<NftChange> Unused(INftablesView view, NetworkNamespace ns)
    {
        IReadOnlyList<string> chains = view.GetChains(Table);
        IReadOnlyList<NftElement> elements = Elements(view);
        HashSet<string> used = [];
        foreach (NftElement element in elements)
        {
            if (element.Data is NftVerdict { Chain: { } chain })
            {
                used.Add(chain);
            }
        }

        List<NftChange> unused = [];
        int others = 0;
        bool hasBase = false;
        foreach (string chain in chains)
        {
            if (chain == BaseChain)
            {
                hasBase = true;
            }
            else if (!chain.StartsWith(SubnetChainPrefix, StringComparison.Ordinal))
            {
                others++;
            }
            else if (!used.Contains(chain))
            {
                unused.Add(new NftChainDelete(ns, Table, chain));
            }
        }

        if (elements.Count == 0 && view.HasTable(Table))
        {
            AddWhole(unused, view, ns, hasBase, others);
        }

        return unused;
    }

    private static void AddWhole(List<NftChange> unused, INftablesView view, NetworkNamespace ns, bool hasBase, int others)
    {
        if (hasBase)
        {
            unused.Add(new NftChainDelete(ns, Table, BaseChain));
        }

        foreach (string set in view.GetSets(Table))
        {
            if (set == Map4.Name)
            {
                unused.Add(new NftSetDelete(ns, Map4) { OnlyEmpty = true });
            }
            else if (set == Map6.Name)
            {
                unused.Add(new NftSetDelete(ns, Map6) { OnlyEmpty = true });
            }
            else
            {
                others++;
            }
        }

        if (others == 0)
        {
            unused.Add(new NftTableDelete(ns, Table) { OnlyEmpty = true });
        }
    }

    private static NftSet MapOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? Map6 : Map4;
}
