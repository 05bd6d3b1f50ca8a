using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// CniPS's rules for masquerading, as pure functions: what a container sends anywhere but to its own subnet and to multicast groups leaves
/// with the host's address. An element for each container's address says in which subnet it is; for each length of a prefix there are one
/// set and one chain:
/// <code>
/// table inet cnips {
///     set masquerade4-24 { type ipv4_addr . ipv4_addr; elements = { 10.15.20.2 . 10.15.20.0 comment "…" } }
///     chain masquerade4-24 {
///         type nat hook postrouting priority srcnat; policy accept;
///         ip saddr . ip daddr &amp; 255.255.255.0 @masquerade4-24 return
///         ip daddr 224.0.0.0/4 return
///         ip saddr . ip saddr &amp; 255.255.255.0 @masquerade4-24 masquerade
///     }
/// }
/// </code>
/// So an attachment costs one element and a connection a few look-ups, however many containers and networks there are. (Elements that go to
/// a chain for each subnet would be checked all again whenever one is added: 20 ns each.) The shared part (<see cref="Missing"/>) is made
/// once. Its undo, applied as one, fails as one (EBUSY) while anybody has an element.
/// </summary>
public static class Masquerade
{
    internal const string TableComment = "CniPS: container networks";

    private const string Prefix4 = "masquerade4-", Prefix6 = "masquerade6-";

    private static readonly IpPrefix s_multicast4 = new(new IPAddress([224, 0, 0, 0]), 4);
    private static readonly IpPrefix s_multicast6 = new(IPAddress.Parse("ff00::"), 8);

    /// <summary>The table.</summary>
    public static NftTable Table { get; } = new(NftFamily.Inet, "cnips");

    /// <summary>The set for a container's address, and the name of the chain that looks into it: <c>masquerade4-24</c>.</summary>
    public static NftSet SetOf(IpPrefix address)
    {
        NftType type = address.IsV6 ? NftType.IPv6Address : NftType.IPv4Address;
        string name = string.Create(CultureInfo.InvariantCulture, $"{(address.IsV6 ? Prefix6 : Prefix4)}{address.Length}");
        return new NftSet(Table, name, NftType.Concat(type, type));
    }

    /// <summary>What is shared and not as it should be: table, set, chain, rules. Nothing, most of the time.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, NetworkNamespace ns, IpPrefix address)
    {
        NftSet set = SetOf(address);
        return NftSharedRules.Missing(view, set.Name, () => Shared(ns, set, address));
    }

    private static IReadOnlyList<NftChange> Shared(NetworkNamespace ns, NftSet set, IpPrefix address)
    {
        (NftField source, NftField destination) = address.IsV6
            ? (NftField.Ip6Saddr, NftField.Ip6Daddr)
            : (NftField.IpSaddr, NftField.IpDaddr);
        NftSelector toSubnet = new(source, new NftPart(destination, address.Length));
        NftSelector fromSubnet = new(source, new NftPart(source, address.Length));
        NftDecide leave = new(NftVerdict.Return);
        return
        [
            new NftTableAdd(ns, Table, TableComment),
            new NftSetAdd(ns, set, "containers and the subnets they leave with the address of the host"),
            new NftChainAdd(ns, Table, set.Name, new NftHook(NftChainType.Nat, NftHookPoint.Postrouting, NftHook.SourceNat, NftVerdictKind.Accept))
            {
                Rules =
                [
                    new NftRuleBody([new NftSetMatch(toSubnet, set), leave], "stays in the subnet"),
                    new NftRuleBody([NftSubnetMatch.Destination(address.IsV6 ? s_multicast6 : s_multicast4), leave], "multicast"),
                    new NftRuleBody([new NftSetMatch(fromSubnet, set), new NftMasquerade()]),
                ],
            },
        ];
    }

    /// <summary>Masquerades a container's address. It fails (EEXIST) where the address is masqueraded already, whoever it serves.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    /// <param name="comment">Whom it serves.</param>
    public static NftElementAdd Add(NetworkNamespace ns, IpPrefix address, string comment) =>
        new(ns, SetOf(address), KeyOf(address), null, comment);

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
        return old is null ? [add] : old == add.Element ? [] : [Remove(ns, address), add];
    }

    /// <summary>Masquerades an address no more. One that isn't counts as done.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    public static NftElementDelete Remove(NetworkNamespace ns, IpPrefix address) => new(ns, SetOf(address), KeyOf(address));

    /// <summary>Whom a masqueraded address serves; null if it isn't masqueraded, or doesn't say.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    public static string? FindOwner(INftablesView view, IpPrefix address) => view.FindElement(SetOf(address), KeyOf(address))?.Comment;

    /// <summary>The addresses masqueraded for one, found by comment, in all sets. For when the addresses are not known.</summary>
    public static IReadOnlyList<IpPrefix> FindOwned(INftablesView view, string comment)
    {
        string? fitted = NftComment.Fit(comment);
        List<IpPrefix> found = [];
        foreach (MasqueradedAddress entry in List(view))
        {
            if (entry.Owner == fitted)
            {
                found.Add(entry.Address);
            }
        }

        return found;
    }

    /// <summary>All addresses that are to be masqueraded, each with whom it serves.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="served">For those only that really are: whose rules are there; where they are is what it says.</param>
    public static IReadOnlyList<MasqueradedAddress> List(INftablesView view, NetworkNamespace? served = null)
    {
        List<MasqueradedAddress> entries = [];
        foreach (string name in view.GetSets(Table))
        {
            if (SetOf(name) is { } set && (served is null || Missing(view, served, AnyOf(name, set.Length)).Count == 0))
            {
                foreach (NftElement element in view.GetElements(set.Set))
                {
                    entries.Add(new MasqueradedAddress(new IpPrefix(element.Key.Part(0).Address!, set.Length), element.Comment));
                }
            }
        }

        return entries;
    }

    /// <summary>
    /// What nobody uses any more: the sets without an element and their chains, and the table if nothing else is in it. The changes belong in
    /// one transaction, which fails (EBUSY) as a whole if somebody comes meanwhile.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    public static IReadOnlyList<NftChange> Unused(INftablesView view, NetworkNamespace ns)
    {
        List<NftChange> unused = [];
        HashSet<string> others = [.. view.GetChains(Table)];
        foreach (string name in view.GetSets(Table))
        {
            if (SetOf(name) is not { } set || view.GetElements(set.Set).Count > 0)
            {
                others.Add(name);
                continue;
            }

            if (others.Remove(name))
            {
                unused.Add(new NftChainDelete(ns, Table, name));
            }

            unused.Add(new NftSetDelete(ns, set.Set) { OnlyEmpty = true });
        }

        if (others.Count == 0 && view.HasTable(Table))
        {
            unused.Add(new NftTableDelete(ns, Table) { OnlyEmpty = true });
        }

        return unused;
    }

    /// <summary>Whether anything is there of what addresses share.</summary>
    public static bool IsThere(INftablesView view)
    {
        foreach (string name in (List<string>)[.. view.GetSets(Table), .. view.GetChains(Table)])
        {
            if (SetOf(name) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static NftValue KeyOf(IpPrefix address) => NftValue.Concat(NftValue.Of(address.Address), NftValue.Of(address.Network.Address));

    // The set of a name, if it is one of ours.
    private static (NftSet Set, int Length)? SetOf(string name)
    {
        bool v6 = name.StartsWith(Prefix6, StringComparison.Ordinal);
        if ((!v6 && !name.StartsWith(Prefix4, StringComparison.Ordinal))
            || !int.TryParse(name.AsSpan(Prefix4.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length > (v6 ? 128 : 32))
        {
            return null;
        }

        return (SetOf(AnyOf(name, length)), length);
    }

    private static IpPrefix AnyOf(string name, int length) =>
        new(name.StartsWith(Prefix6, StringComparison.Ordinal) ? IPAddress.IPv6Any : IPAddress.Any, length);
}

/// <summary>An address whose packets leave its subnet with the host's address.</summary>
/// <param name="Address">The address with its subnet's length.</param>
/// <param name="Owner">Whom it serves; null if it doesn't say.</param>
public sealed record MasqueradedAddress(IpPrefix Address, string? Owner);
