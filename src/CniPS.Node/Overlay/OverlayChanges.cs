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

    private readonly List<Change> _deletions = [], _additions = [];
    private readonly List<string> _problems = [];

    private OverlayChanges()
    {
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
        OverlayChanges changes = new();
        TunnelComparison tunnels = new(ns, view, changes);
        RouteComparison routes = new(ns, wanted, view, changes);
        foreach (WantedTunnel tunnel in wanted.Tunnels)
        {
            if (tunnels.Compare(tunnel) is { } link)
            {
                routes.Compare(tunnel, link);
            }
        }

        routes.CompareUplink();
        return changes;
    }

    /// <summary>Something goes; what is to come comes after all of that.</summary>
    internal void Delete(Change change) => _deletions.Add(change);

    /// <summary>Something comes.</summary>
    internal void Add(Change change) => _additions.Add(change);

    /// <summary>Something can't be as it is to be.</summary>
    internal void Report(string problem) => _problems.Add(problem);

    /// <summary>It has to be looked at again after these changes.</summary>
    internal void LookAgain() => IsMore = true;
}
