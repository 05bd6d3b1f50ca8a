using System;
using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>A place that a packet passes.</summary>
/// <param name="Namespace">
/// The namespace: the name, path or id that the picture has for it; null or empty for the host, <see cref="NetworkTopology.Outside"/> for what is outside.
/// </param>
/// <param name="Interface">The interface's name in it.</param>
public sealed record TopologyHop(string? Namespace, string Interface);

/// <summary>Marks a path in a picture.</summary>
public static class TopologyPath
{
    /// <summary>
    /// Marks the interfaces that a packet passes, and the lines between them. Where two hops are no neighbours, what lies between them on the
    /// shortest way is marked as well; a hop that is not in the picture is passed over.
    /// </summary>
    /// <param name="topology">The picture.</param>
    /// <param name="hops">The places, in order.</param>
    public static NetworkTopology Highlight(this NetworkTopology topology, IReadOnlyList<TopologyHop> hops)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(hops);
        List<string> ids = [.. hops.Select(hop => IdOf(topology, hop)).OfType<string>()];
        HashSet<string> places = [.. ids];
        HashSet<TopologyConnection> lines = [];
        ILookup<string, TopologyConnection> at = topology.Connections
            .SelectMany(line => new[] { (Id: line.From, Line: line), (Id: line.To, Line: line) }).ToLookup(end => end.Id, end => end.Line);
        for (int i = 1; i < ids.Count; i++)
        {
            foreach (TopologyConnection line in Way(at, ids[i - 1], ids[i]))
            {
                lines.Add(line);
                places.Add(line.From);
                places.Add(line.To);
            }
        }

        return topology with
        {
            Links = Mark(topology.Links, places),
            Namespaces = [.. topology.Namespaces.Select(ns => ns with { Links = Mark(ns.Links, places) })],
            Connections = [.. topology.Connections.Select(line => lines.Contains(line) ? line with { IsOnPath = true } : line)],
        };
    }

    private static TopologyLink[] Mark(IReadOnlyList<TopologyLink> links, HashSet<string> places) =>
        [.. links.Select(link => places.Contains(link.Id) ? link with { IsOnPath = true } : link)];

    private static string? IdOf(NetworkTopology topology, TopologyHop hop) =>
        hop.Namespace == NetworkTopology.Outside ? hop.Namespace
        : (string.IsNullOrEmpty(hop.Namespace) ? topology.Links : topology.Namespaces.FirstOrDefault(ns => ns.Name == hop.Namespace || ns.Path == hop.Namespace || ns.Id == hop.Namespace)?.Links)?
            .FirstOrDefault(link => link.Name == hop.Interface)?.Id;

    // Breadth first. The line of masquerading stands for the way between a bridge and an uplink that is an end: no way leads through it to another bridge.
    private static List<TopologyConnection> Way(ILookup<string, TopologyConnection> at, string from, string to)
    {
        Dictionary<string, TopologyConnection?> came = new() { [from] = null };
        Queue<string> next = new([from]);
        while (next.TryDequeue(out string? id) && !came.ContainsKey(to))
        {
            foreach (TopologyConnection line in at[id].Where(line => line.Kind != TopologyConnectionKind.Masquerade || line.To == from || line.To == to))
            {
                string other = line.From == id ? line.To : line.From;
                if (came.TryAdd(other, line))
                {
                    next.Enqueue(other);
                }
            }
        }

        List<TopologyConnection> way = [];
        for (string id = to; came.GetValueOrDefault(id) is { } line; id = line.From == id ? line.To : line.From)
        {
            way.Add(line);
        }

        return way;
    }
}
