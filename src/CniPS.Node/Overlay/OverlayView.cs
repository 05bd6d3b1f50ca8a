using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Node.Overlay;

/// <summary>What of flannel's network a node has in its kernel.</summary>
internal sealed record OverlayView
{
    /// <summary>All links.</summary>
    internal required IReadOnlyList<Link> Links { get; init; }

    /// <summary>The addresses of all links.</summary>
    internal required IReadOnlyList<InterfaceAddress> Addresses { get; init; }

    /// <summary>All unicast routes.</summary>
    internal required IReadOnlyList<RouteEntry> Routes { get; init; }

    /// <summary>The neighbours on all links.</summary>
    internal required IReadOnlyList<Neighbour> Neighbours { get; init; }

    /// <summary>All forwarding databases.</summary>
    internal required IReadOnlyList<ForwardingEntry> Forwarding { get; init; }

    /// <summary>Looks.</summary>
    internal static OverlayView Read(IHost host) => new()
    {
        Links = host.GetLinks(host.Namespace),
        Addresses = host.GetAddresses(host.Namespace),
        Routes = host.GetRoutes(host.Namespace),
        Neighbours = host.GetNeighbours(host.Namespace),
        Forwarding = host.GetForwardingDatabase(host.Namespace),
    };

    /// <summary>The link of a name, or null.</summary>
    internal Link? Find(string name)
    {
        foreach (Link link in Links)
        {
            if (link.Name == name)
            {
                return link;
            }
        }

        return null;
    }

    /// <summary>Whether a link is a tunnel of flannel's, of whichever network.</summary>
    internal bool IsTunnel(int index)
    {
        foreach (Link link in Links)
        {
            if (link.Index == index)
            {
                return link.Kind == "vxlan" && (link.Name.StartsWith("flannel.", System.StringComparison.Ordinal) || link.Name.StartsWith("flannel-v6.", System.StringComparison.Ordinal));
            }
        }

        return false;
    }
}
