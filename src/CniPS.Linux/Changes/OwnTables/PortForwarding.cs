using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// CniPS's rules for ports of the host that lead into containers, as pure functions. For IPv4 (and likewise, with a 6, for IPv6):
/// <code>
/// table inet cnips {
///     map ports4 { type inet_proto . inet_service : ipv4_addr . inet_service; elements = { tcp . 8080 comment "…" : 10.15.20.2 . 80 } }
///     map ports4-at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service }      # open on one address of the host
///     chain ports4 {
///         dnat ip to ip daddr . meta l4proto . th dport map @ports4-at
///         dnat ip to meta l4proto . th dport map @ports4
///     }
///     chain ports4-prerouting { type nat hook prerouting priority dstnat; fib daddr type local jump ports4 }
///     chain ports4-output { type nat hook output priority -100; fib daddr type local jump ports4 }
/// }
/// </code>
/// So a mapping costs one element and a connection two look-ups, however many mappings there are, and a port can't be given away twice: the
/// kernel refuses an element that is there. Networks with conditions of their own have chains and maps of their own
/// (<c>ports4-0123abcd</c>), and their conditions stand before <c>fib</c>, behind <c>meta nfproto ipv4</c>.
/// </summary>
public static class PortForwarding
{
    internal const string Prefix = "ports";

    /// <summary>The table.</summary>
    public static NftTable Table => Masquerade.Table;

    /// <summary>The map for a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="conditions">What a packet must be besides; none for all packets.</param>
    public static NftSet MapOf(ForwardedPort port, IReadOnlyList<NftStatement> conditions) =>
        MapOf(port.IsV6, port.HostAddress is not null, Suffix(conditions));

    /// <summary>Opens a port. It fails (EEXIST) where the port is taken, whoever has it.</summary>
    /// <param name="ns">Where.</param>
    /// <param name="port">The port.</param>
    /// <param name="conditions">What a packet must be besides.</param>
    /// <param name="comment">Whom it serves.</param>
    public static NftElementAdd Add(NetworkNamespace ns, ForwardedPort port, IReadOnlyList<NftStatement> conditions, string comment) => new(
        ns,
        MapOf(port, conditions),
        port.HostAddress is { } at
            ? NftValue.Concat(NftValue.Of(at), NftValue.Protocol(port.Protocol), NftValue.Port(port.HostPort))
            : NftValue.Concat(NftValue.Protocol(port.Protocol), NftValue.Port(port.HostPort)),
        NftValue.Concat(NftValue.Of(port.Address), NftValue.Port(port.Port)),
        comment);

    /// <summary>
    /// The elements that take packets from a port, or lose packets to it: of one address of the host while the port is of all, or the other way
    /// round. The kernel lets both be, and the one of one address wins.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="port">The port.</param>
    /// <param name="conditions">What a packet must be besides.</param>
    public static IReadOnlyList<(NftSet Map, NftElement Element)> Overlapping(INftablesView view, ForwardedPort port, IReadOnlyList<NftStatement> conditions)
    {
        NftSet map = MapOf(port.IsV6, at: port.HostAddress is null, Suffix(conditions));
        NftValue protocol = NftValue.Protocol(port.Protocol), number = NftValue.Port(port.HostPort);
        if (port.HostAddress is not null)
        {
            return view.FindElement(map, NftValue.Concat(protocol, number)) is { } ofAll ? [(map, ofAll)] : [];
        }

        List<(NftSet, NftElement)> found = [];
        foreach (NftElement element in view.GetElements(map))
        {
            if (element.Key.Part(1) == protocol && element.Key.Part(2) == number)
            {
                found.Add((map, element));
            }
        }

        return found;
    }

    /// <summary>What a port's family (with these conditions) shares and is not as it should be: table, maps, chains, rules. Nothing, most of the time.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="v6">The family.</param>
    /// <param name="conditions">What a packet must be besides.</param>
    public static IReadOnlyList<NftChange> Missing(INftablesView view, NetworkNamespace ns, bool v6, IReadOnlyList<NftStatement> conditions)
    {
        string suffix = Suffix(conditions);
        string chain = ChainOf(v6, suffix);
        return NftSharedRules.Missing(view, chain, () => Shared(ns, v6, conditions, suffix));
    }

    private static IReadOnlyList<NftChange> Shared(NetworkNamespace ns, bool v6, IReadOnlyList<NftStatement> conditions, string suffix)
    {
        string chain = ChainOf(v6, suffix);
        NftFamily family = v6 ? NftFamily.IPv6 : NftFamily.IPv4;
        NftSet anywhere = MapOf(v6, false, suffix), at = MapOf(v6, true, suffix);
        NftSelector port = new(NftField.L4Proto, NftField.ThDport);
        NftSelector addressAndPort = new(v6 ? NftField.Ip6Daddr : NftField.IpDaddr, NftField.L4Proto, NftField.ThDport);
        NftRuleBody enter = new([.. Ask(v6, conditions), new NftDecide(NftVerdict.Jump(chain))]);
        NftHook hook = new(NftChainType.Nat, NftHookPoint.Prerouting, NftHook.DestinationNat, NftVerdictKind.Accept);
        return
        [
            new NftTableAdd(ns, Table, Masquerade.TableComment),
            new NftSetAdd(ns, anywhere, "ports of the host and the containers that they lead to"),
            new NftSetAdd(ns, at, "ports of one address of the host and the containers that they lead to"),
            new NftChainAdd(ns, Table, chain)
            {
                Rules = [new NftRuleBody([new NftDnatMap(family, addressAndPort, at)]), new NftRuleBody([new NftDnatMap(family, port, anywhere)])],
            },
            new NftChainAdd(ns, Table, chain + PreroutingEnd, hook) { Rules = [enter] },
            new NftChainAdd(ns, Table, chain + OutputEnd, hook with { Point = NftHookPoint.Output })
            {
                Rules = v6 ? [s_notFromLoopback, enter] : [enter],
            },
        ];
    }

    /// <summary>Asks nft whether it would take conditions that only it can read. Nothing is made.</summary>
    /// <exception cref="NftProgramException">It would not, or is not installed.</exception>
    public static void RequireReadable(INftablesView view, bool v6, IReadOnlyList<NftStatement> conditions) =>
        view.RequireReadable(Table, new NftRuleBody(Ask(v6, conditions)));

    /// <summary>
    /// What closes an owner's ports, found by comment, in all maps, and gives each to one who waits for it (<see cref="WaitingPorts"/>). For when
    /// its ports are not known.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    /// <param name="isOwner">Whose, by comment and address.</param>
    /// <param name="mayFollow">Whether the second may have a port that was the first's, both by their comments.</param>
    public static IReadOnlyList<NftChange> Close(
        INftablesView view, NetworkNamespace ns, Func<string, IPAddress?, bool> isOwner, Func<string, string, bool> mayFollow)
    {
        ArgumentNullException.ThrowIfNull(view);
        List<NftChange> changes = [];
        foreach (string name in view.GetSets(Table))
        {
            if (MapOf(WaitingPorts.MapOf(name) ?? name) is not { } map)
            {
                continue;
            }

            if (map.Name != name)
            {
                foreach (WaitingPort waiting in WaitingPorts.Of(view, ns, map))
                {
                    if (waiting.Comment is { } comment && isOwner(comment, AddressOf(waiting.Open.Data)))
                    {
                        changes.Add(waiting.Leave);
                    }
                }

                continue;
            }

            IReadOnlyList<WaitingPort>? next = null;
            foreach (NftElement element in view.GetElements(map))
            {
                if (element.Comment is { } comment && isOwner(comment, AddressOf(element.Data)))
                {
                    next ??= WaitingPorts.Of(view, ns, map);
                    changes.AddRange(Close(
                        new NftElementDelete(ns, map, element.Key),
                        next,
                        other => !isOwner(other.Comment!, AddressOf(other.Open.Data)) && mayFollow(comment, other.Comment!)));
                }
            }
        }

        return changes;
    }

    /// <summary>What closes a port, and gives it to one who waits for it.</summary>
    /// <param name="close">What closes it.</param>
    /// <param name="waiting">Who waits for ports of its map.</param>
    /// <param name="mayFollow">Who of them may have it, of those who say who they are.</param>
    public static IReadOnlyList<NftChange> Close(NftElementDelete close, IReadOnlyList<WaitingPort> waiting, Predicate<WaitingPort> mayFollow)
    {
        ArgumentNullException.ThrowIfNull(close);
        foreach (WaitingPort next in waiting)
        {
            if (next.Open.Key == close.Key && next.Comment is not null && mayFollow(next))
            {
                return [close, next.Leave, next.Open];
            }
        }

        return [close];
    }

    private static IPAddress? AddressOf(NftData? to) => (to as NftValue)?.Part(0).Address;

    /// <summary>All ports that are to be open, in no order.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="served">For those only that packets really find: whose rules are there; where they are is what it says.</param>
    public static IReadOnlyList<ForwardedPort> List(INftablesView view, NetworkNamespace? served = null)
    {
        List<ForwardedPort> ports = [];
        foreach ((ForwardedPort port, _) in ListOwned(view, served))
        {
            ports.Add(port);
        }

        return ports;
    }

    /// <summary>The same, each with the comment that says whom it serves.</summary>
    /// <param name="view">What is there.</param>
    /// <param name="served">As there.</param>
    public static IReadOnlyList<(ForwardedPort Port, string? Comment)> ListOwned(INftablesView view, NetworkNamespace? served = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        List<(ForwardedPort, string?)> ports = [];
        foreach (string name in view.GetSets(Table))
        {
            if (MapOf(name) is { } map && (served is null || IsAsked(view, served, Base(name)!)))
            {
                foreach (NftElement element in view.GetElements(map))
                {
                    int at = element.Key.Part(0).Address is null ? 0 : 1;
                    if (element.Data is NftValue to && element.Key.Part(at).Number is { } protocol && element.Key.Part(at + 1).Number is { } hostPort)
                    {
                        ForwardedPort port = new((ProtocolType)protocol, hostPort, element.Key.Part(0).Address, to.Part(0).Address!, to.Part(1).Number!.Value);
                        ports.Add((port, element.Comment));
                    }
                }
            }
        }

        return ports;
    }

    // Conditions can't be told from their hash: of these it is only seen that packets come to the maps at all.
    private static bool IsAsked(INftablesView view, NetworkNamespace ns, string name)
    {
        bool v6 = name.StartsWith(Prefix + "6", StringComparison.Ordinal);
        IReadOnlyList<NftChange> wanted = Shared(ns, v6, [], name[(Prefix.Length + 1)..]);
        if (name.Length == Prefix.Length + 1)
        {
            return NftSharedRules.Missing(view, name, () => wanted).Count == 0;
        }

        return NftSharedRules.Missing(view, [wanted[3]]).Count == 0
            && view.GetRules(Table, name + PreroutingEnd).Count > 0 && view.GetRules(Table, name + OutputEnd).Count > 0;
    }

    /// <summary>
    /// What nobody uses any more: chains and maps without an element, those of <see cref="Hairpin"/> among them, and the table if nothing else is
    /// in it. The changes belong in one transaction, which fails (EBUSY) as a whole if somebody comes meanwhile.
    /// </summary>
    /// <param name="view">What is there.</param>
    /// <param name="ns">Where.</param>
    public static IReadOnlyList<NftChange> Unused(INftablesView view, NetworkNamespace ns)
    {
        List<NftChange> unused = [.. UnusedMaps(view, ns), .. Hairpin.Unused(view, ns)];
        if (view.HasTable(Table) && unused.Count == view.GetChains(Table).Count + view.GetSets(Table).Count)
        {
            unused.Add(new NftTableDelete(ns, Table) { OnlyEmpty = true });
        }

        return unused;
    }

    /// <summary>Whether anything is there of what ports share.</summary>
    public static bool IsThere(INftablesView view)
    {
        foreach (string name in (List<string>)[.. view.GetChains(Table), .. view.GetSets(Table)])
        {
            if (Base(name) is not null)
            {
                return true;
            }
        }

        return Hairpin.IsThere(view);
    }

    // In the order in which the kernel lets them go: chains that stand on a packet's way, those they jump to, maps.
    private static List<NftChange> UnusedMaps(INftablesView view, NetworkNamespace ns)
    {
        HashSet<string> chains = [.. view.GetChains(Table)], sets = [.. view.GetSets(Table)];
        List<NftChange> unused = [];
        HashSet<string> names = [];
        foreach (string name in (List<string>)[.. chains, .. sets])
        {
            if (Base(WaitingPorts.MapOf(name) ?? name) is { } found && names.Add(found))
            {
                List<NftSet> maps = [];
                foreach (NftSet map in (NftSet[])[MapOf(found)!, MapOf(found + AtEnd)!])
                {
                    foreach (NftSet set in (NftSet[])[map, WaitingPorts.SetOf(map)])
                    {
                        if (sets.Contains(set.Name))
                        {
                            maps.Add(set);
                        }
                    }
                }

                List<NftSet> empty = maps.FindAll(map => view.GetElements(map).Count == 0);
                bool isUsed = empty.Count < maps.Count;
                foreach (string chain in isUsed ? [] : (string[])[found + PreroutingEnd, found + OutputEnd, found])
                {
                    if (chains.Contains(chain))
                    {
                        unused.Add(new NftChainDelete(ns, Table, chain));
                    }
                }

                // No rule looks into those of who waits: they can go alone.
                foreach (NftSet set in empty)
                {
                    if (!isUsed || WaitingPorts.MapOf(set.Name) is not null)
                    {
                        unused.Add(new NftSetDelete(ns, set) { OnlyEmpty = true });
                    }
                }
            }
        }

        return unused;
    }

    // ports4-0123abcd, of all that is named after it; null for what is another's.
    private static string? Base(string name)
    {
        foreach (string end in (string[])[PreroutingEnd, OutputEnd, AtEnd])
        {
            if (name.EndsWith(end, StringComparison.Ordinal))
            {
                name = name[..^end.Length];
            }
        }

        return MapOf(name) is null ? null : name;
    }

    private const string PreroutingEnd = "-prerouting", OutputEnd = "-output", AtEnd = "-at";

    // The kernel sends nothing from ::1 over a link: an answer at once is better than none.
    private static readonly NftRuleBody s_notFromLoopback =
        new([NftSubnetMatch.Destination(new IpPrefix(IPAddress.IPv6Loopback, 128)), new NftDecide(NftVerdict.Return)], "no way from ::1 to a container");

    // The family comes first, so that conditions that count or limit see its packets only.
    private static List<NftStatement> Ask(bool v6, IReadOnlyList<NftStatement> conditions) =>
    [
        .. conditions.Count > 0 ? (NftStatement[])[new NftIsFamily(v6 ? NftFamily.IPv6 : NftFamily.IPv4)] : [],
        .. conditions,
        new NftMatch(NftField.FibDaddrType, NftValue.Local),
    ];

    private static string ChainOf(bool v6, string suffix) => $"{Prefix}{(v6 ? 6 : 4)}{suffix}";

    private static NftSet MapOf(bool v6, bool at, string suffix)
    {
        NftType address = v6 ? NftType.IPv6Address : NftType.IPv4Address;
        return new NftSet(
            Table,
            ChainOf(v6, suffix) + (at ? AtEnd : ""),
            at ? NftType.Concat(address, NftType.Protocol, NftType.Service) : NftType.Concat(NftType.Protocol, NftType.Service),
            NftType.Concat(address, NftType.Service));
    }

    // The map of a name, if it is one of ours: ports4, ports4-at, ports4-0123abcd, ports4-0123abcd-at.
    private static NftSet? MapOf(string name)
    {
        bool v6 = name.StartsWith(Prefix + "6", StringComparison.Ordinal);
        if (!v6 && !name.StartsWith(Prefix + "4", StringComparison.Ordinal))
        {
            return null;
        }

        bool at = name.EndsWith(AtEnd, StringComparison.Ordinal);
        string suffix = name[(Prefix.Length + 1)..(at ? ^AtEnd.Length : ^0)];
        return suffix.Length == 0 || suffix[0] == '-' ? MapOf(v6, at, suffix) : null;
    }

    // Conditions make chains of their own, named by a hash of what they say.
    private static string Suffix(IReadOnlyList<NftStatement> conditions) =>
        conditions.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{Sha512.Hex(string.Join(' ', conditions), 4)}");
}
