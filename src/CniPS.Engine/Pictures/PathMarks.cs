using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Diagnosis;
using CniPS.Linux.Namespaces;

namespace CniPS.Pictures;

/// <summary>Marks the way of a packet that was followed, as far as it came.</summary>
public static class PathMarks
{
    /// <summary>Marks the ways of reports.</summary>
    /// <param name="topology">The picture.</param>
    /// <param name="reports">What was followed: the way there, up to where the packet dies.</param>
    public static NetworkTopology Highlight(this NetworkTopology topology, IReadOnlyList<PathReport> reports)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(reports);
        Dictionary<NamespaceId, string> known = [];
        foreach (TopologyNamespace ns in topology.Namespaces)
        {
            if (NetworkNamespace.TryIdentify(ns.Path) is { } id)
            {
                known.TryAdd(id, ns.Path);
            }
        }

        foreach (PathReport report in reports)
        {
            topology = topology.Highlight([.. report.Hops.Where(static hop => !hop.IsBack && hop.Interface.Length > 0).Select(hop => PlaceOf(known, hop)).Distinct()]);
        }

        return topology;
    }

    // The host's namespace is not among those of the picture.
    private static TopologyHop PlaceOf(Dictionary<NamespaceId, string> known, Hop hop) =>
        new(hop.Path.Length > 0 && NetworkNamespace.TryIdentify(hop.Path) is { } id ? known.GetValueOrDefault(id) : null, hop.Interface);
}
