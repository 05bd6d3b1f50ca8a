using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>Counts what a tree doesn't draw.</summary>
internal static class TopologyCount
{
    /// <summary>What is below an interface, in words: containers, ports of the host, what a plan changes of them; empty for nothing.</summary>
    internal static string Below(
        string id, ILookup<string, TopologyConnection> from, IReadOnlyDictionary<string, (TopologyNamespace? Namespace, TopologyLink Link)> links)
    {
        HashSet<string> containers = [];
        HashSet<string> seen = [id];
        Stack<string> next = new([id]);
        int ports = 0, added = 0, removed = 0, hidden = 0;
        while (next.TryPop(out string? at))
        {
            (TopologyNamespace? ns, TopologyLink link) = links[at];
            ports += link.Facts.Count(fact => fact.Kind == TopologyFactKind.Port) + (ns?.HiddenPorts ?? 0);
            if (ns is { Hidden: > 0 })
            {
                hidden += ns.Hidden;
            }
            else if (ns is not null && at != id && containers.Add(ns.Id))
            {
                added += link.Standing == PictureStanding.Added ? 1 : 0;
                removed += link.Standing == PictureStanding.Removed ? 1 : 0;
            }

            foreach (TopologyConnection line in from[at])
            {
                if (seen.Add(line.To))
                {
                    next.Push(line.To);
                }
            }
        }

        string changes = string.Join(", ", new[] { added > 0 ? $"{added} planned" : "", removed > 0 ? $"{removed} to be removed" : "" }.Where(part => part.Length > 0));
        string[] parts = [PictureText.Count(containers.Count + hidden, "container"), PictureText.Count(ports, "host port"), changes];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }
}
