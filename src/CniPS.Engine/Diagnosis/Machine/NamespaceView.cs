using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Conntrack;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>A namespace, with what was asked of it: each question once.</summary>
internal sealed class NamespaceView(IHost host, NetworkNamespace ns, string name) : IDisposable
{
    private readonly Dictionary<string, string?> _sysctls = [];
    private readonly Dictionary<int, IReadOnlyList<Qdisc>> _queues = [];
    private IReadOnlyList<Link>? _links;
    private IReadOnlyList<InterfaceAddress>? _addresses;
    private IReadOnlyList<Neighbour>? _neighbours;
    private IReadOnlyList<ForwardingEntry>? _forwarding;
    private IReadOnlyList<FibEntry>? _fib;
    private IReadOnlyList<TrackedConnection>? _connections;
    private NftRuleset? _rules;
    private LegacyTables? _legacy4, _legacy6;

    internal NetworkNamespace Namespace => ns;

    internal string Name => name;

    internal bool IsHost => ns.Id == host.Namespace.Id;

    internal IReadOnlyList<Link> Links => _links ??= host.GetLinks(ns);

    internal IReadOnlyList<InterfaceAddress> Addresses => _addresses ??= host.GetAddresses(ns);

    internal IReadOnlyList<Neighbour> Neighbours => _neighbours ??= ns.GetNeighbours();

    internal IReadOnlyList<ForwardingEntry> ForwardingDatabase => _forwarding ??= ns.GetForwardingDatabase();

    internal IReadOnlyList<FibEntry> Fib => _fib ??= ns.GetFib();

    internal NftRuleset Rules => _rules ??= NftRuleset.Read(ns);

    internal LegacyTables Legacy(bool v6) => v6 ? _legacy6 ??= LegacyTables.Read(ns, true) : _legacy4 ??= LegacyTables.Read(ns, false);

    internal IReadOnlyList<TrackedConnection> Connections => _connections ??= TrackedConnection.Read(ns);

    /// <summary>The VRF that a link is in; null for none.</summary>
    internal Link? VrfOf(Link? link) => link is { Master: not 0 } && Find(link.Master) is { Kind: "vrf" } vrf ? vrf : null;

    /// <summary>How a link queues.</summary>
    internal IReadOnlyList<Qdisc> QueuesOf(Link link)
    {
        if (!_queues.TryGetValue(link.Index, out IReadOnlyList<Qdisc>? queues))
        {
            _queues[link.Index] = queues = host.GetQdiscs(ns, link.Index);
        }

        return queues;
    }

    internal Link? Find(int index)
    {
        foreach (Link link in Links)
        {
            if (link.Index == index)
            {
                return link;
            }
        }

        return null;
    }

    internal string NameOf(int index) => Find(index)?.Name ?? (index == 0 ? "" : $"interface {index}");

    /// <summary>The link that has an address; null for none. One that duplicate address detection has found elsewhere is not had.</summary>
    internal Link? HolderOf(IPAddress address)
    {
        foreach (InterfaceAddress held in Addresses)
        {
            if (held.Address.Address.Equals(address) && !held.IsDuplicate)
            {
                return Find(held.LinkIndex);
            }
        }

        return null;
    }

    internal string? Sysctl(string key)
    {
        if (!_sysctls.TryGetValue(key, out string? value))
        {
            _sysctls[key] = value = host.ReadSysctl(ns, key);
        }

        return value;
    }

    internal int Number(string key) => int.TryParse(Sysctl(key), out int value) ? value : 0;

    /// <summary>What an address is to the namespace.</summary>
    internal RouteType TypeOf(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || HolderOf(address) is not null)
        {
            return RouteType.Local;
        }

        byte first = address.GetAddressBytes()[0];
        bool isGroup = address.AddressFamily == AddressFamily.InterNetwork ? first is >= 224 and < 240 : first == 255;
        return isGroup ? RouteType.Multicast : address.Equals(IPAddress.Broadcast) ? RouteType.Broadcast : RouteType.Unicast;
    }

    /// <summary>By which link something to an address would go; 0 for none.</summary>
    internal int? LinkTo(IPAddress address) => ns.Decide(new RouteQuery(address)) is { IsWay: true } decision ? decision.LinkIndex : 0;

    public void Dispose()
    {
        _rules?.Dispose();
        if (!IsHost)
        {
            ns.Dispose();
        }
    }
}
