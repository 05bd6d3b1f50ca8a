using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>Folds what is too much for a picture: of each network some containers are shown, and how many more there are.</summary>
public static class TopologyFold
{
    /// <summary>Keeps some containers of each bridge (or interface that they are made on; of pairs without a bridge, of each network).</summary>
    /// <param name="topology">The whole picture.</param>
    /// <param name="limit">
    /// How many of each to keep. What a plan changes and what is on the path comes first, and stays however much it is.
    /// </param>
    public static NetworkTopology Fold(this NetworkTopology topology, int limit)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        TopologyHubs hubs = new(topology);
        HashSet<string> bridges = [.. topology.Connections
            .Where(line => line.Kind is TopologyConnectionKind.Port or TopologyConnectionKind.On).Select(line => line.From)];
        List<TopologyNamespace> kept = [], more = [];
        List<TopologyConnection> lines = [];
        foreach (IGrouping<string, TopologyNamespace> group in topology.Namespaces.GroupBy(GroupOf))
        {
            List<TopologyNamespace> hidden = [.. group.Where(ns => !IsFirst(ns)).Skip(Math.Max(0, limit - group.Count(IsFirst)))];
            if (hidden.Count > 1)
            {
                TopologyNamespace rest = Rest(group.Key, hidden);
                more.Add(rest);
                if (bridges.Contains(group.Key))
                {
                    lines.Add(new TopologyConnection(group.Key, rest.Links[0].Id, TopologyConnectionKind.On));
                }
            }
            else
            {
                hidden.Clear();
            }

            kept.AddRange(group.Except(hidden));
        }

        return more.Count == 0 ? topology : Only(topology, [.. kept.OrderBy(ns => ns.Name, NaturalOrder.Instance), .. more], lines);

        string GroupOf(TopologyNamespace ns)
        {
            string? hub = ns.Links.Select(hubs.HubOf).FirstOrDefault(hub => hub is not null);
            return hub is not null && bridges.Contains(hub) ? hub : $"network {ns.Links.Select(link => link.Network).FirstOrDefault(name => name is not null)}";
        }
    }

    /// <summary>Whether it is shown before others: a plan changes it, or it is on the path.</summary>
    internal static bool IsFirst(TopologyNamespace ns) =>
        ns.Links.Any(link => link.IsOnPath || link.Standing != PictureStanding.Present || link.Facts.Any(fact => fact.Standing != PictureStanding.Present));

    private static TopologyNamespace Rest(string group, List<TopologyNamespace> hidden)
    {
        string id = "more of " + group;
        int ports = hidden.Sum(ns => ns.Links.Sum(link => link.Facts.Count(fact => fact.Kind == TopologyFactKind.Port)));
        return new TopologyNamespace(
            id, string.Create(CultureInfo.InvariantCulture, $"{hidden.Count} more"), "", [new TopologyLink { Id = id + "/", Name = "", Role = TopologyRole.Interface, IsUp = true, Network = hidden[0].Links.FirstOrDefault()?.Network }])
        {
            Hidden = hidden.Count,
            HiddenPorts = ports,
        };
    }

    private static NetworkTopology Only(NetworkTopology topology, IReadOnlyList<TopologyNamespace> namespaces, List<TopologyConnection> more)
    {
        HashSet<string> inside = [.. topology.Namespaces.SelectMany(ns => ns.Links).Select(link => link.Id)];
        HashSet<string> shown = [.. namespaces.SelectMany(ns => ns.Links).Select(link => link.Id)];
        HashSet<string> gone = [.. topology.Connections
            .Where(line => line.Kind == TopologyConnectionKind.Pair && inside.Contains(line.To) && !shown.Contains(line.To) && !inside.Contains(line.From))
            .Select(line => line.From)];
        gone.UnionWith(inside.Where(id => !shown.Contains(id)));
        return topology with
        {
            Namespaces = namespaces,
            Links = [.. topology.Links.Where(link => !gone.Contains(link.Id))],
            Connections = [.. topology.Connections.Where(line => !gone.Contains(line.From) && !gone.Contains(line.To)), .. more],
        };
    }
}
