using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace CniPS.Pictures.Formats;

/// <summary>Writes a picture in a language of graphs: a group of nodes for each namespace, then the lines between nodes.</summary>
internal abstract class GraphWriter(NetworkTopology topology)
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _ids = new() { [NetworkTopology.Outside] = "outside" };

    private readonly TopologyHubs _hubs = new(topology);

    private protected NetworkTopology Topology => topology;

    private protected string Write()
    {
        Begin();
        Group("host", topology.HostName, topology.Links);
        for (int i = 0; i < topology.Namespaces.Count; i++)
        {
            TopologyNamespace ns = topology.Namespaces[i];
            if (ns.Hidden > 0)
            {
                More(Name(ns.Links[0]), string.Join(", ", new[] { ns.Name, PictureText.HiddenPorts(ns) }.Where(part => part.Length > 0)));
            }
            else
            {
                Group(string.Create(CultureInfo.InvariantCulture, $"ns{i + 1}"), PictureText.Fit(ns.Name), ns.Links);
            }
        }

        foreach (TopologyConnection line in topology.Connections)
        {
            Connect(_ids[line.From], _ids[line.To], line);
        }

        foreach (TopologyLink link in topology.AllLinks)
        {
            foreach (TopologyFact port in link.Facts.Where(fact => fact.Kind == TopologyFactKind.Port))
            {
                Publish(_ids[link.Id], port);
            }
        }

        End();
        return _text.ToString();
    }

    private protected abstract void Begin();

    private protected abstract void End();

    /// <summary>A namespace with its links.</summary>
    private protected abstract void Group(string id, string name, IReadOnlyList<TopologyLink> links);

    /// <summary>Containers that are not shown.</summary>
    private protected abstract void More(string node, string text);

    /// <summary>The networks that an interface of the host belongs to; empty for none.</summary>
    private protected string NetworksOf(TopologyLink link) => _hubs.TextOf(link.Id);

    /// <summary>A line between two links.</summary>
    private protected abstract void Connect(string from, string to, TopologyConnection line);

    /// <summary>A port of the host's that leads to a link.</summary>
    private protected abstract void Publish(string to, TopologyFact port);

    /// <summary>Gives a link a name of its own in the graph.</summary>
    private protected string Name(TopologyLink link) => _ids[link.Id] = string.Create(CultureInfo.InvariantCulture, $"n{_ids.Count}");

    private protected void Line(string line) => _text.Append(line).Append('\n');
}
