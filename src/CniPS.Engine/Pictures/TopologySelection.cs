using System;
using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>Makes a smaller picture of a picture: some interfaces of containers, and what on the host they lead to.</summary>
public static class TopologySelection
{
    /// <summary>Keeps some interfaces.</summary>
    /// <param name="topology">The whole picture.</param>
    /// <param name="keep">
    /// Whether an interface of a namespace is to be shown; it is asked with null for a namespace that has none, which is shown as such.
    /// </param>
    public static NetworkTopology Select(this NetworkTopology topology, Func<TopologyNamespace, TopologyLink?, bool> keep)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(keep);
        List<TopologyNamespace> namespaces = [];
        foreach (TopologyNamespace ns in topology.Namespaces)
        {
            List<TopologyLink> links = [.. ns.Links.Where(link => keep(ns, link))];
            if (links.Count > 0 || (ns.Links.Count == 0 && keep(ns, null)))
            {
                namespaces.Add(ns with { Links = links });
            }
        }

        HashSet<string> kept = Reached(topology, namespaces.SelectMany(ns => ns.Links));
        return topology with
        {
            Namespaces = namespaces,
            Links = [.. topology.Links.Where(link => kept.Contains(link.Id))],
            Connections = [.. topology.Connections.Where(line => kept.Contains(line.From) && kept.Contains(line.To))],
        };
    }

    // The host's interfaces behind those of the containers, outwards: lines lead from the host to the containers, but those of masquerading out again.
    private static HashSet<string> Reached(NetworkTopology topology, IEnumerable<TopologyLink> interfaces)
    {
        HashSet<string> onHost = [NetworkTopology.Outside, .. topology.Links.Select(link => link.Id)];
        HashSet<string> kept = [NetworkTopology.Outside, .. interfaces.Select(link => link.Id)];
        bool more = true;
        while (more)
        {
            more = false;
            foreach (TopologyConnection line in topology.Connections)
            {
                (string near, string far) = line.Kind == TopologyConnectionKind.Masquerade ? (line.From, line.To) : (line.To, line.From);
                more |= kept.Contains(near) && onHost.Contains(far) && kept.Add(far);
            }
        }

        return kept;
    }
}
