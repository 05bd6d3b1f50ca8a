using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>By which of the host's interfaces containers are reached, and what networks these belong to.</summary>
internal sealed class TopologyHubs
{
    private readonly Dictionary<string, string> _hubs = [];
    private readonly Dictionary<string, SortedSet<string>> _networks = [];

    internal TopologyHubs(NetworkTopology topology)
    {
        Dictionary<string, string> outer = [], masters = [];
        foreach (TopologyConnection line in topology.Connections)
        {
            switch (line.Kind)
            {
                case TopologyConnectionKind.Pair: outer[line.To] = line.From; break;
                case TopologyConnectionKind.Port or TopologyConnectionKind.On: masters[line.To] = line.From; break;
                default: break;
            }
        }

        HashSet<string> onHost = [.. topology.Links.Select(link => link.Id)];
        foreach (TopologyLink link in topology.Namespaces.SelectMany(ns => ns.Links))
        {
            string end = outer.GetValueOrDefault(link.Id, link.Id);
            if (masters.GetValueOrDefault(end, end) is var hub && onHost.Contains(hub))
            {
                _hubs[link.Id] = hub;
                if (link.Network is { } network)
                {
                    (_networks.TryGetValue(hub, out SortedSet<string>? names) ? names : _networks[hub] = new(NaturalOrder.Instance)).Add(network);
                }
            }
        }
    }

    /// <summary>
    /// The host's interface by which a container's is reached: its bridge, what it is made on, or, of a pair without either, the other end; null where
    /// it leads to none.
    /// </summary>
    internal string? HubOf(TopologyLink link) => _hubs.GetValueOrDefault(link.Id);

    /// <summary>The networks whose containers are reached by an interface of the host, by name.</summary>
    internal IReadOnlyCollection<string> NetworksOf(string hub) => _networks.TryGetValue(hub, out SortedSet<string>? names) ? names : [];

    /// <summary>The networks of an interface as a picture has room for them; empty for none.</summary>
    internal string TextOf(string hub)
    {
        IReadOnlyCollection<string> names = NetworksOf(hub);
        return names.Count > 3 ? $"{string.Join(", ", names.Take(2))} and {names.Count - 2} more networks" : string.Join(", ", names);
    }
}
