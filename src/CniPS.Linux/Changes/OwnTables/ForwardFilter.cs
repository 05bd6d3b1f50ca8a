using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>
/// CniPS's rules for what is forwarded to and from containers, as pure functions:
/// <code>
/// table inet cnips {
///     set forward4 { type ipv4_addr; elements = { 10.15.20.2 comment "…" } }
///     set forward6 { type ipv6_addr }
///     set forward-bridges { type ifname; elements = { "cni0" } }
///     set forward-within { type ifname . ifname; elements = { "cni0" . "cni0" } }
///     chain forward-isolation {
///         iifname . oifname @forward-within return
///         iifname @forward-bridges oifname @forward-bridges drop
///     }
///     chain forward-admin { }
///     chain forward {
///         type filter hook forward priority filter; policy accept;
///         jump forward-isolation
///         jump forward-admin
///         ip daddr @forward4 ct state established,related accept
///         ip saddr @forward4 accept
///         ip6 daddr @forward6 ct state established,related accept
///         ip6 saddr @forward6 accept
///     }
/// }
/// </code>
/// A container costs one element an address and a packet a few look-ups, however many there are. The chain forward-admin is the
/// administrator's. An accept ends this base chain only: what another one drops, iptables' FORWARD for one, stays dropped.
/// </summary>
public static class ForwardFilter
{
    /// <summary>The chain that the administrator fills.</summary>
    public const string AdminChain = "forward-admin";

    private const string Chain = "forward", IsolationChain = "forward-isolation";

    private static NftTable Table => Masquerade.Table;

    private static NftSet Addresses4 { get; } = new(Table, "forward4", NftType.IPv4Address);

    private static NftSet Addresses6 { get; } = new(Table, "forward6", NftType.IPv6Address);

    private static NftSet Bridges { get; } = new(Table, "forward-bridges", NftType.InterfaceName);

    private static NftSet Within { get; } = new(Table, "forward-within", NftType.Concat(NftType.InterfaceName, NftType.InterfaceName));

    /// <summary>What is shared and not as it should be: table, sets, chains, rules. Nothing, most of the time.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, NetworkNamespace ns) => NftSharedRules.Missing(view, Chain, () => Shared(ns));

    private static IReadOnlyList<NftChange> Shared(NetworkNamespace ns) =>
    [
        new NftTableAdd(ns, Table, Masquerade.TableComment),
        new NftSetAdd(ns, Addresses4, "containers that may send, and get answers"),
        new NftSetAdd(ns, Addresses6, "containers that may send, and get answers"),
        new NftSetAdd(ns, Bridges, "bridges that get nothing from each other"),
        new NftSetAdd(ns, Within, "of these, those whose own containers reach each other"),
        new NftChainAdd(ns, Table, IsolationChain)
        {
            Rules =
            [
                new NftRuleBody([new NftSetMatch(new NftSelector(NftField.Iifname, NftField.Oifname), Within), new NftDecide(NftVerdict.Return)]),
                new NftRuleBody([new NftSetMatch(new NftSelector(NftField.Iifname), Bridges), new NftSetMatch(new NftSelector(NftField.Oifname), Bridges), new NftDecide(NftVerdict.Drop)]),
            ],
        },
        new NftChainAdd(ns, Table, AdminChain, null, "for the administrator's own rules"),
        new NftChainAdd(ns, Table, Chain, new NftHook(NftChainType.Filter, NftHookPoint.Forward, NftHook.Filter, NftVerdictKind.Accept))
        {
            Rules =
            [
                new NftRuleBody([new NftDecide(NftVerdict.Jump(IsolationChain))]),
                new NftRuleBody([new NftDecide(NftVerdict.Jump(AdminChain))]),
                Answers(NftField.IpDaddr, Addresses4),
                Sent(NftField.IpSaddr, Addresses4),
                Answers(NftField.Ip6Daddr, Addresses6),
                Sent(NftField.Ip6Saddr, Addresses6),
            ],
        },
    ];

    /// <summary>Lets an address send and get answers. It fails (EEXIST) where it may already, whomever it serves.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address.</param>
    /// <param name="comment">Whom it serves.</param>
    public static NftElementAdd Add(NetworkNamespace ns, IPAddress address, string comment) => new(ns, SetOf(address), NftValue.Of(address), null, comment);

    /// <summary>
    /// What lets an address send and get answers in its name: nothing where it may, and what a leftover, or another, has of it is replaced.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="address">The container's address.</param>
    /// <param name="comment">Whom it serves.</param>
    public static IReadOnlyList<NftChange> Assign(INftablesView view, NetworkNamespace ns, IPAddress address, string comment)
    {
        NftElementAdd add = Add(ns, address, comment);
        NftElement? old = view.FindElement(add.Set, add.Key);
        return old is null ? [add] : old == add.Element ? [] : [new NftElementDelete(ns, add.Set, add.Key), add];
    }

    /// <summary>The addresses that may send, of those whom a comment serves.</summary>
    /// <param name="view">What is there; all of it is read.</param>
    /// <param name="ns">Where.</param>
    /// <param name="isMeant">Which comments, for which addresses.</param>
    public static IReadOnlyList<NftChange> RemoveWhere(INftablesView view, NetworkNamespace ns, Func<string, IPAddress?, bool> isMeant)
    {
        List<NftChange> changes = [];
        foreach (NftSet set in view.HasChain(Table, Chain) ? (NftSet[])[Addresses4, Addresses6] : [])
        {
            foreach (NftElement element in view.GetElements(set))
            {
                if (element.Comment is { } comment && isMeant(comment, element.Key.Part(0).Address))
                {
                    changes.Add(new NftElementDelete(ns, set, element.Key));
                }
            }
        }

        return changes;
    }

    /// <summary>What takes an address of one owner out; nothing where it isn't there, or another's.</summary>
    public static IReadOnlyList<NftChange> Remove(INftablesView view, NetworkNamespace ns, IPAddress address, string comment)
    {
        NftElementDelete delete = new(ns, SetOf(address), NftValue.Of(address));
        return view.FindElement(delete.Set, delete.Key)?.Comment == NftComment.Fit(comment) ? [delete] : [];
    }

    /// <summary>What cuts a bridge off from all others that are cut off, and its containers from each other if asked.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="bridge">Its name.</param>
    /// <param name="within">Whether its own containers reach each other.</param>
    public static IReadOnlyList<NftChange> Isolate(INftablesView view, NetworkNamespace ns, string bridge, bool within)
    {
        List<NftChange> changes = [];
        if (view.FindElement(Bridges, NftValue.InterfaceName(bridge)) is null)
        {
            changes.Add(new NftElementAdd(ns, Bridges, NftValue.InterfaceName(bridge)));
        }

        NftValue pair = NftValue.Concat(NftValue.InterfaceName(bridge), NftValue.InterfaceName(bridge));
        bool isWithin = view.FindElement(Within, pair) is not null;
        if (within != isWithin)
        {
            changes.Add(within ? new NftElementAdd(ns, Within, pair) : new NftElementDelete(ns, Within, pair));
        }

        return changes;
    }

    /// <summary>Whether what containers share is there.</summary>
    public static bool IsThere(INftablesView view) => view.HasChain(Table, Chain);

    /// <summary>
    /// What nobody uses any more: bridges without ports, and everything, once there is no element left and no rule of the administrator's.
    /// The changes belong in one transaction, which fails (EBUSY) as a whole if somebody comes meanwhile.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="isUsed">Whether a bridge is in use.</param>
    public static IReadOnlyList<NftChange> Unused(INftablesView view, NetworkNamespace ns, Predicate<string> isUsed)
    {
        if (!view.HasChain(Table, Chain))
        {
            return [];
        }

        List<NftChange> idle = [];
        int left = view.GetElements(Addresses4).Count + view.GetElements(Addresses6).Count + view.GetRules(Table, AdminChain).Count;
        foreach (NftSet set in (NftSet[])[Bridges, Within])
        {
            foreach (NftElement element in view.GetElements(set))
            {
                if (isUsed(element.Key.Part(0).Name!))
                {
                    left++;
                }
                else
                {
                    idle.Add(new NftElementDelete(ns, set, element.Key));
                }
            }
        }

        if (left > 0)
        {
            return idle;
        }

        // A set counts the elements that the same transaction takes out (NLM_F_NONREC): those of the bridges go with their sets.
        List<NftChange> changes =
        [
            new NftChainDelete(ns, Table, Chain),
            new NftChainDelete(ns, Table, IsolationChain),
            new NftChainDelete(ns, Table, AdminChain),
            new NftSetDelete(ns, Addresses4) { OnlyEmpty = true },
            new NftSetDelete(ns, Addresses6) { OnlyEmpty = true },
            new NftSetDelete(ns, Bridges),
            new NftSetDelete(ns, Within),
        ];
        if (view.GetSets(Table).Count == 4 && view.GetChains(Table).Count == 3)
        {
            changes.Add(new NftTableDelete(ns, Table) { OnlyEmpty = true });
        }

        return changes;
    }

    private static NftSet SetOf(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Addresses6 : Addresses4;

    private static NftRuleBody Answers(NftField field, NftSet set) =>
        new([new NftSetMatch(new NftSelector(field), set), NftStateMatch.Known, new NftDecide(NftVerdict.Accept)]);

    private static NftRuleBody Sent(NftField field, NftSet set) => new([new NftSetMatch(new NftSelector(field), set), new NftDecide(NftVerdict.Accept)]);
}
