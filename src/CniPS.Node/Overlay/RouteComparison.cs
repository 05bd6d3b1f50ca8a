using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Node.Overlay;

/// <summary>What is to be changed of routes to peers, by tunnels and by the uplink.</summary>
/// <param name="ns">Where.</param>
/// <param name="wanted">What is to be.</param>
/// <param name="view">What is.</param>
/// <param name="changes">Takes what is to be changed.</param>
internal sealed class RouteComparison(NetworkNamespace ns, WantedOverlay wanted, OverlayView view, OverlayChanges changes)
{
    private const int KernelProtocol = 2, V6Metric = 1024;

    // By whichever way: what takes another's place needn't be deleted before.
    private readonly HashSet<IpPrefix> _reached = Reached(wanted);

    /// <summary>Compares the routes by a tunnel.</summary>
    internal void Compare(WantedTunnel tunnel, Link link)
    {
        Dictionary<IpPrefix, RouteEntry> missing = [];
        foreach (TunnelPeer peer in tunnel.Peers)
        {
            missing[peer.Subnet] = new RouteEntry { Destination = peer.Subnet, Gateway = peer.Subnet.Address, OnLink = true, Protocol = OverlayChanges.Protocol };
        }

        // What is on the tunnel's own device is the network's, flanneld's included; but what the kernel made follows from an address.
        Add(link.Id, missing, route => route.LinkIndex == link.Index && route.Protocol != KernelProtocol && tunnel.Network.Contains(route.Destination.Address));
    }

    /// <summary>Compares the routes by the uplink.</summary>
    internal void CompareUplink()
    {
        Dictionary<IpPrefix, RouteEntry> missing = [];
        foreach (UplinkRoute route in wanted.Routes)
        {
            missing[route.Subnet] = new RouteEntry { Destination = route.Subnet, Gateway = route.Gateway, Protocol = OverlayChanges.Protocol };
        }

        Add(wanted.Uplink, missing, route => route.Protocol == OverlayChanges.Protocol && !view.IsTunnel(route.LinkIndex) && IsOfNetwork(route));
    }

    // Routes by a link: those that are missing, and away with those of ours that are not wanted. What takes another's place needn't be deleted before.
    private void Add(LinkId link, Dictionary<IpPrefix, RouteEntry> missing, Func<RouteEntry, bool> isOurs)
    {
        HashSet<IpPrefix> blocked = [];
        foreach (RouteEntry route in view.Routes)
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
            else if (ours && !_reached.Contains(route.Destination))
            {
                changes.Delete(new RouteDelete(ns, LinkOf(route.LinkIndex), route));
            }
        }

        foreach ((IpPrefix destination, RouteEntry route) in missing)
        {
            if (blocked.Contains(destination))
            {
                changes.Report($"somebody's route to {destination} is in the way of the one to the node that has that subnet");
            }
            else
            {
                changes.Add(new RouteAdd(ns, link, route) { Replace = true });
            }
        }
    }

    // flanneld's own, which cnipsd takes over: by a tunnel, or just as it would make it.
    private bool IsFlannels(RouteEntry route, LinkId link, RouteEntry wanted) => route.Protocol == OverlayChanges.Protocol || view.IsTunnel(route.LinkIndex)
        || (route.LinkIndex == link.Index && wanted.Gateway!.Equals(route.Gateway));

    private bool IsOfNetwork(RouteEntry route)
    {
        foreach (IpPrefix network in wanted.Networks)
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
        foreach (Link link in view.Links)
        {
            if (link.Index == index)
            {
                return link.Id;
            }
        }

        return new LinkId($"#{index}", index);
    }

    private static HashSet<IpPrefix> Reached(WantedOverlay wanted)
    {
        HashSet<IpPrefix> reached = [];
        foreach (UplinkRoute route in wanted.Routes)
        {
            reached.Add(route.Subnet);
        }

        foreach (WantedTunnel tunnel in wanted.Tunnels)
        {
            foreach (TunnelPeer peer in tunnel.Peers)
            {
                reached.Add(peer.Subnet);
            }
        }

        return reached;
    }
}
