using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// CniPS's rules for connections that reach a container through a port of the host (<see cref="PortForwarding"/>) and whose answers would not
/// come back through the host: those from its own subnet, itself included, and those from 127.0.0.1. They get the host's address. An element
/// says from which subnet a container's address is reached so; for each length of a prefix there are one set and one chain:
/// <code>
/// set hairpin4-24 { type ipv4_addr . ipv4_addr; elements = { 10.15.20.2 . 10.15.20.0, 10.15.20.2 . 127.0.0.0 } }
/// chain hairpin4-24 {
///     type nat hook postrouting priority srcnat; policy accept;
///     ct status dnat ip daddr . ip saddr &amp; 255.255.255.0 @hairpin4-24 masquerade
/// }
/// </code>
/// A prefix of length 0 means: from everywhere.
/// </summary>
public static class Hairpin
{
    private const string Prefix4 = "hairpin4-", Prefix6 = "hairpin6-";

    /// <summary>The set for a length of prefix, and the name of the chain that looks into it.</summary>
    public static NftSet SetOf(bool v6, int length)
    {
        NftType type = v6 ? NftType.IPv6Address : NftType.IPv4Address;
        string name = string.Create(CultureInfo.InvariantCulture, $"{(v6 ? Prefix6 : Prefix4)}{length}");
        return new NftSet(Masquerade.Table, name, NftType.Concat(type, type));
    }

    /// <summary>What is shared and not as it should be: table, set, chain, rules. Nothing, most of the time.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="v6">The family.</param>
    /// <param name="length">The length of the prefix.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, NetworkNamespace ns, bool v6, int length)
    {
        NftSet set = SetOf(v6, length);
        return NftSharedRules.Missing(view, set.Name, () => Shared(ns, set, v6, length));
    }

    private static IReadOnlyList<NftChange> Shared(NetworkNamespace ns, NftSet set, bool v6, int length)
    {
        NftSelector way = new(v6 ? NftField.Ip6Daddr : NftField.IpDaddr, new NftPart(v6 ? NftField.Ip6Saddr : NftField.IpSaddr, length));
        return
        [
            new NftTableAdd(ns, set.Table, Masquerade.TableComment),
            new NftSetAdd(ns, set, "containers and the subnets that reach their ports with the address of the host"),
            new NftChainAdd(ns, set.Table, set.Name, new NftHook(NftChainType.Nat, NftHookPoint.Postrouting, NftHook.SourceNat, NftVerdictKind.Accept))
            {
                Rules = [new NftRuleBody([new NftIsRedirected(), new NftSetMatch(way, set), new NftMasquerade()])],
            },
        ];
    }

    /// <summary>Gives what comes from a container's own subnet, and for IPv4 from 127.0.0.1, the host's address.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address with its subnet's length.</param>
    /// <param name="everything">Whether all that comes through a port gets it.</param>
    /// <param name="comment">Whom it serves.</param>
    public static IReadOnlyList<NftElementAdd> Add(NetworkNamespace ns, IpPrefix address, bool everything, string comment)
    {
        int length = everything ? 0 : address.Length;
        NftSet set = SetOf(address.IsV6, length);
        IPAddress subnet = new IpPrefix(address.Address, length).Network.Address;
        IPAddress loopback = new IpPrefix(IPAddress.Loopback, address.IsV6 ? 0 : length).Network.Address;
        NftElementAdd own = new(ns, set, NftValue.Concat(NftValue.Of(address.Address), NftValue.Of(subnet)), null, comment);
        return address.IsV6 || loopback.Equals(subnet)
            ? [own]
            : [own, new NftElementAdd(ns, set, NftValue.Concat(NftValue.Of(address.Address), NftValue.Of(loopback)), null, comment)];
    }

    /// <summary>The elements of one owner, found by comment, in all sets.</summary>
    public static IReadOnlyList<NftElementDelete> FindOwned(INftablesView view, NetworkNamespace ns, Func<string, IPAddress?, bool> isOwner)
    {
        List<NftElementDelete> found = [];
        foreach (NftSet set in Sets(view))
        {
            foreach (NftElement element in view.GetElements(set))
            {
                if (element.Comment is { } comment && isOwner(comment, element.Key.Part(0).Address))
                {
                    found.Add(new NftElementDelete(ns, set, element.Key));
                }
            }
        }

        return found;
    }

    /// <summary>Chains and sets without an element.</summary>
    internal static List<NftChange> Unused(INftablesView view, NetworkNamespace ns)
    {
        List<NftChange> unused = [];
        HashSet<string> chains = [.. view.GetChains(Masquerade.Table)];
        foreach (NftSet set in Sets(view))
        {
            if (view.GetElements(set).Count == 0)
            {
                if (chains.Contains(set.Name))
                {
                    unused.Add(new NftChainDelete(ns, set.Table, set.Name));
                }

                unused.Add(new NftSetDelete(ns, set) { OnlyEmpty = true });
            }
        }

        return unused;
    }

    /// <summary>Whether any set is there.</summary>
    internal static bool IsThere(INftablesView view) => Sets(view).Count > 0;

    private static List<NftSet> Sets(INftablesView view)
    {
        List<NftSet> sets = [];
        foreach (string name in view.GetSets(Masquerade.Table))
        {
            bool v6 = name.StartsWith(Prefix6, StringComparison.Ordinal);
            if ((v6 || name.StartsWith(Prefix4, StringComparison.Ordinal))
                && int.TryParse(name.AsSpan(Prefix4.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int length))
            {
                sets.Add(SetOf(v6, length));
            }
        }

        return sets;
    }
}
