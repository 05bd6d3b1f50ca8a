using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Node.Overlay;

/// <summary>What turns what is into what is to be: a function of both, that touches nothing.</summary>
internal sealed class OverlayChanges
{
    /// <summary>Who made a route (rtm_protocol): by it cnipsd knows its own on the uplink. No daemon that is registered has this number.</summary>
    internal const int Protocol = 67;

    private const int KernelProtocol = 2, V6Metric = 1024;

    private readonly NetworkNamespace _namespace;
    private readonly WantedOverlay _wanted;
    private readonly OverlayView _view;
    private readonly List<Change> _deletions = [], _additions = [];
    private readonly List<string> _problems = [];

    private OverlayChanges(NetworkNamespace ns, WantedOverlay wanted, OverlayView view)
    {
        _namespace = ns;
        _wanted = wanted;
        _view = view;
    }

    /// <summary>What is to be changed.</summary>
    internal IReadOnlyList<Change> Changes => [.. _deletions, .. _additions];

    /// <summary>What can't be as it is to be.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>Whether more will follow when these changes are made: what is on a link can be said only when it is there.</summary>
    internal bool IsMore { get; private set; }

    /// <summary>Compares.</summary>
    internal static OverlayChanges Between(NetworkNamespace ns, WantedOverlay wanted, OverlayView view)
    {
        OverlayChanges changes = new(ns, wanted, view);
        foreach (WantedTunnel tunnel in wanted.Tunnels)
        {
            if (changes.Device(tunnel) is { } link)
            {
                changes.Address(tunnel, link);
                changes.Neighbours(tunnel, link);
                changes.Forwarding(tunnel, link);
                changes.Routes(tunnel, link);
            }
        }

        changes.UplinkRoutes();
        return changes;
    }

    // The device, once it is as it is to be.
    private Link? Device(WantedTunnel tunnel)
    {
        if (_view.Find(tunnel.Name) is not { } link)
        {
            Make(tunnel);
            return null;
        }

        if (link.Kind != tunnel.Settings.Kind)
        {
            _problems.Add($"there is a link {tunnel.Name} that is no VXLAN: it is in the way of the tunnel");
            return null;
        }

        if (!tunnel.Settings.Equals(link.Settings as VxlanSettings))
        {
            _deletions.Add(new LinkDelete(_namespace, link.Id));
            Make(tunnel);
            return null;
        }

        if (link.Mac != tunnel.Mac || link.Mtu != tunnel.Mtu || !link.IsUp)
        {
            _additions.Add(new LinkSet(_namespace, link.Id)
            {
                Mac = link.Mac != tunnel.Mac ? tunnel.Mac : null, Mtu = link.Mtu != tunnel.Mtu ? tunnel.Mtu : null, Up = link.IsUp ? null : true,
            });
            IsMore = true; // what the kernel takes along
        }

        return link;
    }

    private void Make(WantedTunnel tunnel)
    {
        _additions.Add(new LinkAdd(_namespace, tunnel.Name, tunnel.Settings) { Mtu = tunnel.Mtu, Mac = tunnel.Mac });
        _additions.Add(new SysctlWrite(_namespace, $"net/ipv6/conf/{tunnel.Name}/accept_ra", "0") { Optional = true, KeepOld = false });
        IsMore = true;
    }

    private void Address(WantedTunnel tunnel, Link link)
    {
        bool isThere = false;
        foreach (InterfaceAddress address in _view.Addresses)
        {
            if (address.LinkIndex == link.Index && address.Address == tunnel.Address)
            {
                isThere = true;
            }
            else if (address.LinkIndex == link.Index && tunnel.Network.Contains(address.Address.Address))
            {
                _deletions.Add(new AddressDelete(_namespace, link.Id, address.Address)); // of a subnet that the node had
            }
        }

        if (!isThere)
        {
            _additions.Add(new AddressAdd(_namespace, link.Id, tunnel.Address, NoDuplicateDetection: tunnel.Address.IsV6));
        }
    }

    private void Neighbours(WantedTunnel tunnel, Link link)
    {
        Dictionary<IPAddress, MacAddress> missing = [];
        foreach (TunnelPeer peer in tunnel.Peers)
        {
            missing[peer.Subnet.Address] = peer.Mac;
        }

        foreach (Neighbour neighbour in _view.Neighbours)
        {
            if (neighbour.LinkIndex != link.Index || (neighbour.State & NeighbourState.Permanent) == 0 || !tunnel.Network.Contains(neighbour.Address))
            {
                continue;
            }

            if (!missing.TryGetValue(neighbour.Address, out MacAddress mac))
            {
                _deletions.Add(new NeighbourDelete(_namespace, link.Id, neighbour.Address));
            }
            else if (mac == neighbour.Mac)
            {
                missing.Remove(neighbour.Address);
            }
        }

        foreach ((IPAddress address, MacAddress mac) in missing)
        {
            _additions.Add(new NeighbourSet(_namespace, link.Id, address, mac));
        }
    }

    private void Forwarding(WantedTunnel tunnel, Link link)
    {
        Dictionary<MacAddress, IPAddress> missing = [];
        foreach (TunnelPeer peer in tunnel.Peers)
        {
            missing[peer.Mac] = peer.Remote;
        }

        foreach (ForwardingEntry entry in _view.Forwarding)
        {
            if (entry.Port != link.Index || entry.Remote is null || !entry.IsPermanent)
            {
                continue;
            }

            if (missing.TryGetValue(entry.Mac, out IPAddress? remote) && remote.Equals(entry.Remote))
            {
                missing.Remove(entry.Mac);
            }
            else
            {
                _deletions.Add(new ForwardingDelete(_namespace, link.Id, entry.Mac, entry.Remote));
            }
        }

        foreach ((MacAddress mac, IPAddress remote) in missing)
        {
            _additions.Add(new ForwardingSet(_namespace, link.Id, mac, remote));
        }
    }

    private void Routes(WantedTunnel tunnel, Link link)
    {
        Dictionary<IpPrefix, RouteEntry> missing = [];
        foreach (TunnelPeer peer in tunnel.Peers)
        {
            missing[peer.Subnet] = new RouteEntry { Destination = peer.Subnet, Gateway = peer.Subnet.Address, OnLink = true, Protocol = Protocol };
        }

        // What is on the tunnel's own device is the network's, flanneld's included; but what the kernel made follows from an address.
        Add(link.Id, missing, route => route.LinkIndex == link.Index && route.Protocol != KernelProtocol && tunnel.Network.Contains(route.Destination.Address));
    }

    private void UplinkRoutes()
    {
        Dictionary<IpPrefix, RouteEntry> missing = [];
        foreach (UplinkRoute route in _wanted.Routes)
        {
            missing[route.Subnet] = new RouteEntry { Destination = route.Subnet, Gateway = route.Gateway, Protocol = Protocol };
        }

        Add(_wanted.Uplink, missing, route => route.Protocol == Protocol && !_view.IsTunnel(route.LinkIndex) && IsOfNetwork(route));
    }

    // Routes by a link: those that are missing, and away with those of ours that are not wanted. What takes another's place needn't be deleted before.
    private void Add(LinkId link, Dictionary<IpPrefix, RouteEntry> missing, System.Func<RouteEntry, bool> isOurs)
    {
        HashSet<IpPrefix> blocked = [];
        foreach (RouteEntry route in _view.Routes)
        {
            if (route.Table != RouteEntry.MainTable)
            {
                continue;
            }

            bool ours = isOurs(route), isUsual = (route.Priority ?? 0) == (route.Destination.IsV6 ? V6Metric : 0);
            if (missing.TryGetValue(route.Destination, out RouteEntry? wanted) && isUsual)
            {
                if (ours && route.LinkIndex == link.Index && wanted.Gateway!.Equals(route.Gateway))
                {
                    missing.Remove(route.Destination);
                }
                else if (!ours && !IsFlannels(route, link, wanted))
                {
                    blocked.Add(route.Destination);
                }
            }
            else if (ours && !IsReplaced(route))
            {
                _deletions.Add(new RouteDelete(_namespace, LinkOf(route.LinkIndex), route));
            }
        }

        foreach ((IpPrefix destination, RouteEntry route) in missing)
        {
            if (blocked.Contains(destination))
            {
                _problems.Add($"somebody's route to {destination} is in the way of the one to the node that has that subnet");
            }
            else
            {
                _additions.Add(new RouteAdd(_namespace, link, route) { Replace = true });
            }
        }
    }

    // flanneld's own, which cnipsd takes over: by a tunnel, or just as it would make it.
    private bool IsFlannels(RouteEntry route, LinkId link, RouteEntry wanted) => route.Protocol == Protocol || _view.IsTunnel(route.LinkIndex)
        || (route.LinkIndex == link.Index && wanted.Gateway!.Equals(route.Gateway));

    // The same peer by another way.
    private bool IsReplaced(RouteEntry route)
    {
        foreach (UplinkRoute other in _wanted.Routes)
        {
            if (other.Subnet == route.Destination)
            {
                return true;
            }
        }

        foreach (WantedTunnel tunnel in _wanted.Tunnels)
        {
            foreach (TunnelPeer peer in tunnel.Peers)
            {
                if (peer.Subnet == route.Destination)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsOfNetwork(RouteEntry route)
    {
        foreach (IpPrefix network in _wanted.Networks)
        {
            if (network.Contains(route.Destination.Address) && route.Destination.Length > network.Length)
            {
                return true;
            }
        }

        return false;
    }

    private LinkId LinkOf(int index)
    {
        foreach (Link link in _view.Links)
        {
            if (link.Index == index)
            {
                return link.Id;
            }
        }

        return new LinkId($"#{index}", index);
    }
}
