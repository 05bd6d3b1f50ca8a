using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Node.Overlay;

/// <summary>What is to be changed of tunnels' devices, their addresses, neighbours and forwarding databases.</summary>
/// <param name="ns">Where.</param>
/// <param name="view">What is.</param>
/// <param name="changes">Takes what is to be changed.</param>
internal sealed class TunnelComparison(NetworkNamespace ns, OverlayView view, OverlayChanges changes)
{
    /// <summary>Compares a tunnel's device, and what is on it but for routes.</summary>
    /// <returns>The device; null where it has to be made first.</returns>
    internal Link? Compare(WantedTunnel tunnel)
    {
        if (Device(tunnel) is not { } link)
        {
            return null;
        }

        Address(tunnel, link);
        Neighbours(tunnel, link);
        Forwarding(tunnel, link);
        return link;
    }

    // The device, once it is as it is to be.
    private Link? Device(WantedTunnel tunnel)
    {
        if (view.Find(tunnel.Name) is not { } link)
        {
            Make(tunnel);
            return null;
        }

        if (link.Kind != tunnel.Settings.Kind)
        {
            changes.Report($"there is a link {tunnel.Name} that is no VXLAN: it is in the way of the tunnel");
            return null;
        }

        if (!tunnel.Settings.Equals(link.Settings as VxlanSettings))
        {
            changes.Delete(new LinkDelete(ns, link.Id));
            Make(tunnel);
            return null;
        }

        if (link.Mac != tunnel.Mac || link.Mtu != tunnel.Mtu || !link.IsUp)
        {
            changes.Add(new LinkSet(ns, link.Id)
            {
                Mac = link.Mac != tunnel.Mac ? tunnel.Mac : null, Mtu = link.Mtu != tunnel.Mtu ? tunnel.Mtu : null, Up = link.IsUp ? null : true,
            });
            changes.LookAgain(); // what the kernel takes along
        }

        return link;
    }

    private void Make(WantedTunnel tunnel)
    {
        changes.Add(new LinkAdd(ns, tunnel.Name, tunnel.Settings) { Mtu = tunnel.Mtu, Mac = tunnel.Mac });
        changes.Add(new SysctlWrite(ns, $"net/ipv6/conf/{tunnel.Name}/accept_ra", "0") { Optional = true, KeepOld = false });
        changes.LookAgain();
    }

    private void Address(WantedTunnel tunnel, Link link)
    {
        bool isThere = false;
        foreach (InterfaceAddress address in view.Addresses)
        {
            if (address.LinkIndex == link.Index && address.Address == tunnel.Address)
            {
                isThere = true;
            }
            else if (address.LinkIndex == link.Index && tunnel.Network.Contains(address.Address.Address))
            {
                changes.Delete(new AddressDelete(ns, link.Id, address.Address)); // of a subnet that the node had
            }
        }

        if (!isThere)
        {
            changes.Add(new AddressAdd(ns, link.Id, tunnel.Address, NoDuplicateDetection: tunnel.Address.IsV6));
        }
    }

    private void Neighbours(WantedTunnel tunnel, Link link)
    {
        Dictionary<IPAddress, MacAddress> missing = [];
        foreach (TunnelPeer peer in tunnel.Peers)
        {
            missing[peer.Subnet.Address] = peer.Mac;
        }

        foreach (Neighbour neighbour in view.Neighbours)
        {
            if (neighbour.LinkIndex != link.Index || (neighbour.State & NeighbourState.Permanent) == 0 || !tunnel.Network.Contains(neighbour.Address))
            {
                continue;
            }

            if (!missing.TryGetValue(neighbour.Address, out MacAddress mac))
            {
                changes.Delete(new NeighbourDelete(ns, link.Id, neighbour.Address));
            }
            else if (mac == neighbour.Mac)
            {
                missing.Remove(neighbour.Address);
            }
        }

        foreach ((IPAddress address, MacAddress mac) in missing)
        {
            changes.Add(new NeighbourSet(ns, link.Id, address, mac));
        }
    }

    private void Forwarding(WantedTunnel tunnel, Link link)
    {
        Dictionary<MacAddress, IPAddress> missing = [];
        foreach (TunnelPeer peer in tunnel.Peers)
        {
            missing[peer.Mac] = peer.Remote;
        }

        foreach (ForwardingEntry entry in view.Forwarding)
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
                changes.Delete(new ForwardingDelete(ns, link.Id, entry.Mac, entry.Remote));
            }
        }

        foreach ((MacAddress mac, IPAddress remote) in missing)
        {
            changes.Add(new ForwardingSet(ns, link.Id, mac, remote));
        }
    }
}
