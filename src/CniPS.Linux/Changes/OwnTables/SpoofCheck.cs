using System.Collections.Generic;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// CniPS's rules against forged link-layer addresses, as pure functions: of the frames that come in by a guarded port of a bridge, only those
/// with its own source address go on.
/// <code>
/// table bridge cnips {
///     set macspoofchk-addresses { type ifname . ether_addr; elements = { "veth1" . 02:00:00:00:00:01 comment "…" } }
///     set macspoofchk-ports { type ifname; elements = { "veth1" comment "…" } }
///     chain macspoofchk {
///         type filter hook prerouting priority dstnat; policy accept;
///         iifname . ether saddr @macspoofchk-addresses return
///         iifname @macspoofchk-ports drop
///     }
/// }
/// </code>
/// So a port costs two elements and a frame two look-ups, however many ports are guarded. The shared part (<see cref="Missing"/>) is made once.
/// </summary>
public static class SpoofCheck
{
    private const string Chain = "macspoofchk";

    // Where the Go plugin's rules stand (NF_BR_PRI_NAT_DST_BRIDGED).
    private const int Priority = -300;

    /// <summary>The table.</summary>
    public static NftTable Table { get; } = new(NftFamily.Bridge, "cnips");

    private static NftSet Ports { get; } = new(Table, "macspoofchk-ports", NftType.InterfaceName);

    private static NftSet Addresses { get; } =
        new(Table, "macspoofchk-addresses", NftType.Concat(NftType.InterfaceName, NftType.EtherAddress));

    /// <summary>What is shared and not as it should be: table, sets, chain, rules. Nothing, most of the time.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, NetworkNamespace ns) => NftSharedRules.Missing(view, Chain, () => Shared(ns));

    private static IReadOnlyList<NftChange> Shared(NetworkNamespace ns) =>
    [
        new NftTableAdd(ns, Table, "CniPS: container networks"),
        new NftSetAdd(ns, Addresses, "guarded ports and the addresses that may come in by them"),
        new NftSetAdd(ns, Ports, "guarded ports"),
        new NftChainAdd(ns, Table, Chain, new NftHook(NftChainType.Filter, NftHookPoint.Prerouting, Priority, NftVerdictKind.Accept))
        {
            Rules =
            [
                new NftRuleBody([new NftSetMatch(new NftSelector(NftField.Iifname, NftField.EtherSaddr), Addresses), new NftDecide(NftVerdict.Return)]),
                new NftRuleBody([new NftSetMatch(new NftSelector(NftField.Iifname), Ports), new NftDecide(NftVerdict.Drop)]),
            ],
        },
    ];

    /// <summary>Guards a port. It fails (EEXIST) where the port is guarded already, whoever it serves.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="port">The port's name.</param>
    /// <param name="address">The address behind it.</param>
    /// <param name="comment">Whom it serves.</param>
    public static IReadOnlyList<NftChange> Add(NetworkNamespace ns, string port, MacAddress address, string comment) =>
    [
        new NftElementAdd(ns, Addresses, KeyOf(port, address), null, comment),
        new NftElementAdd(ns, Ports, NftValue.InterfaceName(port), null, comment),
    ];

    /// <summary>What makes a port guarded in its name: nothing where it is, and what a leftover says of the port is removed.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="port">The port's name.</param>
    /// <param name="address">The address behind it.</param>
    /// <param name="comment">Whom it serves.</param>
    public static IReadOnlyList<NftChange> Assign(INftablesView view, NetworkNamespace ns, string port, MacAddress address, string comment) =>
        IsGuarded(view, port, address, comment) ? [] : [.. RemoveWhere(view, ns, guarded => guarded.Port == port), .. Add(ns, port, address, comment)];

    /// <summary>Whether a port is guarded in a name.</summary>
    public static bool IsGuarded(INftablesView view, string port, MacAddress address, string comment)
    {
        string? fitted = NftComment.Fit(comment);
        return view.FindElement(Ports, NftValue.InterfaceName(port))?.Comment == fitted
            && view.FindElement(Addresses, KeyOf(port, address))?.Comment == fitted;
    }

    /// <summary>Guards a port no more. One that isn't guarded counts as done.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="port">The port's name.</param>
    /// <param name="address">The address behind it.</param>
    public static IReadOnlyList<NftChange> Remove(NetworkNamespace ns, string port, MacAddress address) =>
    [
        new NftElementDelete(ns, Ports, NftValue.InterfaceName(port)),
        new NftElementDelete(ns, Addresses, KeyOf(port, address)),
    ];

    /// <summary>What guards certain ports no more.</summary>
    /// <param name="view">What is there; all of it is read.</param>
    /// <param name="ns">Where.</param>
    /// <param name="isMeant">Which ports.</param>
    public static IReadOnlyList<NftChange> RemoveWhere(INftablesView view, NetworkNamespace ns, System.Predicate<GuardedPort> isMeant)
    {
        List<NftChange> changes = [];
        foreach (NftSet set in (NftSet[])[Ports, Addresses])
        {
            foreach (NftElement element in view.GetElements(set))
            {
                if (isMeant(new GuardedPort(element.Key.Part(0).Name!, element.Comment)))
                {
                    changes.Add(new NftElementDelete(ns, set, element.Key));
                }
            }
        }

        return changes;
    }

    /// <summary>Whether what guarded ports share is there.</summary>
    public static bool IsThere(INftablesView view) => view.HasTable(Table);

    /// <summary>What nobody uses any more: everything, once no port is guarded. The changes belong in one transaction.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    public static IReadOnlyList<NftChange> Unused(INftablesView view, NetworkNamespace ns) =>
        !view.HasTable(Table) || view.GetElements(Ports).Count + view.GetElements(Addresses).Count > 0
            ? []
            :
            [
                new NftChainDelete(ns, Table, Chain),
                new NftSetDelete(ns, Ports) { OnlyEmpty = true },
                new NftSetDelete(ns, Addresses) { OnlyEmpty = true },
                new NftTableDelete(ns, Table) { OnlyEmpty = true },
            ];

    private static NftValue KeyOf(string port, MacAddress address) => NftValue.Concat(NftValue.InterfaceName(port), NftValue.Of(address));
}

/// <summary>A port by which only frames with the right source address come in.</summary>
/// <param name="Port">Its name.</param>
/// <param name="Owner">Whom it serves; null if it doesn't say.</param>
public readonly record struct GuardedPort(string Port, string? Owner);
