using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Linux.Host;

/// <summary>One namespace in a plan: a copy of its links, addresses and routes, in which changes are made as the kernel would.</summary>
internal sealed partial class PlannedNetwork
{
    private const int FirstPlannedIndex = 1_000_000;

    private readonly IHost _real;
    private readonly NetworkNamespace _namespace;
    private readonly List<Link> _links;
    private readonly List<InterfaceAddress> _addresses;
    private readonly List<RouteEntry> _routes;
    private readonly Dictionary<string, string> _sysctls = [];
    private readonly Dictionary<int, List<BridgeVlans>> _vlans = [];
    private readonly Dictionary<int, List<Qdisc>> _qdiscs = [];
    private List<RuleEntry>? _rules;
    private int _nextIndex = FirstPlannedIndex;

    internal PlannedNetwork(IHost real, NetworkNamespace ns)
    {
        _real = real;
        _namespace = ns;
        _links = [.. real.GetLinks(ns)];
        _addresses = [.. real.GetAddresses(ns)];
        _routes = [.. real.GetRoutes(ns)];
    }

    // Copies: whoever looks through one may change what it was made of meanwhile.
    internal IReadOnlyList<Link> Links => [.. _links];

    internal Link? Find(string name) => _links.Find(link => link.Name == name);

    internal Link? Find(int index) => _links.Find(link => link.Index == index);

    internal IReadOnlyList<InterfaceAddress> Addresses(int link) => link == 0 ? [.. _addresses] : _addresses.FindAll(a => a.LinkIndex == link);

    internal IReadOnlyList<RouteEntry> Routes(int link) => link == 0 ? [.. _routes] : _routes.FindAll(r => r.LinkIndex == link);

    internal Link Require(string operation, string name) => Find(name) ?? throw new LinuxException(operation, Errno.ENODEV);

    internal void RefuseTaken(string operation, string name)
    {
        if (Find(name) is not null)
        {
            throw new LinuxException(operation, Errno.EEXIST);
        }
    }

    internal Link AddLink(string operation, string name, string kind, int mtu, bool isUp, int master = 0, MacAddress? mac = null)
    {
        RefuseTaken(operation, name);
        Link link = new() { Name = name, Index = _nextIndex++, Kind = kind, Mtu = mtu > 0 ? mtu : 1500, IsUp = isUp, Master = master, Mac = mac, IsPlanned = true };
        _links.Add(link);
        return link;
    }

    // A link that comes from another namespace keeps its index where that is free.
    internal Link Accept(Link link)
    {
        if (Find(link.Index) is not null)
        {
            link = link with { Index = _nextIndex++ };
        }

        _links.Add(link);
        return link;
    }

    internal Link Change(Link link)
    {
        _links[_links.FindIndex(l => l.Index == link.Index)] = link;
        return link;
    }

    internal void RemoveLink(string name)
    {
        if (Find(name) is { } link)
        {
            _links.Remove(link);
            _addresses.RemoveAll(a => a.LinkIndex == link.Index);
            _routes.RemoveAll(r => r.LinkIndex == link.Index);
            _neighbours?.RemoveAll(n => n.LinkIndex == link.Index);
            _forwarding?.RemoveAll(entry => entry.Port == link.Index);
        }
    }

    /// <summary>Removes the other end of a pair, if it is here.</summary>
    internal void RemovePeer(Link end)
    {
        if (_links.Find(link => link.Kind == "veth" && link.Index == end.Peer && link.Peer == end.Index) is { } peer)
        {
            RemoveLink(peer.Name);
        }
    }

    internal void AddAddress(string operation, string link, IpPrefix address)
    {
        int index = Require(operation, link).Index;
        if (_addresses.Exists(a => a.LinkIndex == index && a.Address == address))
        {
            throw new LinuxException(operation, Errno.EEXIST);
        }

        _addresses.Add(new InterfaceAddress(address, index));
    }

    internal void RemoveAddress(string link, IpPrefix address)
    {
        int index = Find(link)?.Index ?? 0;
        _addresses.RemoveAll(a => a.LinkIndex == index && a.Address == address);
    }

    internal void AddRoute(string operation, string link, RouteEntry route, bool beside = false)
    {
        int index = Require(operation, link).Index;
        if (_routes.Exists(r => Same(r, route) && (!beside || r.LinkIndex == index)))
        {
            throw new LinuxException(operation, Errno.EEXIST);
        }

        _routes.Add(route with { LinkIndex = index });
    }

    internal void RemoveRoute(string link, RouteEntry route)
    {
        int index = Find(link)?.Index ?? 0;
        _routes.RemoveAll(r => r.LinkIndex == index && Same(r, route));
    }

    internal IReadOnlyList<BridgeVlans> Vlans(int port) => VlansOf(port);

    internal void AddVlans(string operation, string port, BridgeVlans added)
    {
        int index = Require(operation, port).Index;
        RemoveVlans(operation, port, added);
        List<BridgeVlans> vlans = VlansOf(index);
        if (added.Pvid && vlans.FindIndex(v => v.Pvid) is >= 0 and int old)
        {
            vlans[old] = vlans[old] with { Pvid = false };
        }

        vlans.Insert(vlans.TakeWhile(v => v.First < added.First).Count(), added);
    }

    internal void RemoveVlans(string operation, string port, BridgeVlans removed)
    {
        List<BridgeVlans> vlans = VlansOf(Require(operation, port).Index);
        List<BridgeVlans> left = [];
        foreach (BridgeVlans v in vlans)
        {
            if (v.First < removed.First)
            {
                left.Add(v with { Last = ushort.Min(v.Last, (ushort)(removed.First - 1)) });
            }

            if (v.Last > removed.Last)
            {
                left.Add(v with { First = ushort.Max(v.First, (ushort)(removed.Last + 1)) });
            }
        }

        vlans.Clear();
        vlans.AddRange(left);
    }

    /// <summary>Whether a port is in all of these VLANs, with the same to happen to their tags.</summary>
    internal bool HasVlans(string port, BridgeVlans wanted)
    {
        List<BridgeVlans> present = Find(port) is { } link ? VlansOf(link.Index) : [];
        for (int id = wanted.First; id <= wanted.Last; id++)
        {
            if (!present.Exists(v => v.Contains(id) && v.Pvid == wanted.Pvid && v.Untagged == wanted.Untagged))
            {
                return false;
            }
        }

        return true;
    }

    internal bool HasAnyVlan(string port, BridgeVlans vlans) =>
        Find(port) is { } link && VlansOf(link.Index).Exists(v => v.First <= vlans.Last && v.Last >= vlans.First);

    // A new port is in the VLAN that its bridge has for new ports.
    private List<BridgeVlans> VlansOf(int port)
    {
        if (!_vlans.TryGetValue(port, out List<BridgeVlans>? vlans))
        {
            ushort defaultVlan = Find(Find(port)?.Master ?? 0)?.DefaultVlan ?? 0;
            _vlans[port] = vlans = port < FirstPlannedIndex ? [.. _real.GetBridgeVlans(_namespace, port)]
                : defaultVlan > 0 ? [BridgeVlans.Access(defaultVlan)]
                : [];
        }

        return vlans;
    }

    internal bool HasAddress(string link, IpPrefix address) =>
        Find(link) is { } found && _addresses.Exists(a => a.LinkIndex == found.Index && a.Address == address);

    /// <summary>Whether a route is there as it is wanted; what the other doesn't say the kernel may choose.</summary>
    internal bool HasRoute(string link, RouteEntry wanted) => Find(link) is { } found && _routes.Exists(r =>
        r.LinkIndex == found.Index && Same(r, wanted, wanted.Priority ?? r.Priority) && (wanted.Gateway is null ? r.Gateway is null : wanted.Gateway.Equals(r.Gateway)));

    internal List<RuleEntry> Rules => _rules ??= [.. _real.GetRules(_namespace)];

    internal List<Qdisc> Qdiscs(int link)
    {
        if (!_qdiscs.TryGetValue(link, out List<Qdisc>? qdiscs))
        {
            _qdiscs[link] = qdiscs = link < FirstPlannedIndex ? [.. _real.GetQdiscs(_namespace, link)] : [];
        }

        return qdiscs;
    }

    internal bool HasQdisc(string link, Qdisc qdisc) => Find(link) is { } found && Qdiscs(found.Index).Contains(qdisc);

    // What every link has (noqueue) gives way.
    internal void AddQdisc(string operation, string link, Qdisc qdisc)
    {
        List<Qdisc> qdiscs = Qdiscs(Require(operation, link).Index);
        if (qdiscs.Exists(other => other.IsRoot == qdisc.IsRoot && other.Kind == qdisc.Kind))
        {
            throw new LinuxException(operation, Errno.EEXIST);
        }

        qdiscs.RemoveAll(other => other.IsRoot == qdisc.IsRoot);
        qdiscs.Add(qdisc);
    }

    internal void RemoveQdisc(string link, bool isRoot)
    {
        if (Find(link) is { } found)
        {
            Qdiscs(found.Index).RemoveAll(qdisc => qdisc.IsRoot == isRoot);
        }
    }

    internal string? ReadSysctl(string name) => _sysctls.TryGetValue(name, out string? value) ? value : _real.ReadSysctl(_namespace, name);

    internal string? PlannedSysctl(string name) => _sysctls.GetValueOrDefault(name);

    internal void WriteSysctl(string name, string value) => _sysctls[name] = value;

    // What the kernel takes for the same route under NLM_F_EXCL.
    private static bool Same(RouteEntry a, RouteEntry b) => Same(a, b, b.Priority);

    private static bool Same(RouteEntry a, RouteEntry b, int? priority) =>
        a.Destination.Network == b.Destination.Network && a.Table == b.Table && (a.Priority ?? 0) == (priority ?? 0);
}
