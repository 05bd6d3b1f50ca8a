using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>A line of a picture as a tree of text.</summary>
/// <param name="Indent">The lines that lead to it.</param>
/// <param name="Name">What it is about.</param>
/// <param name="Detail">More of it.</param>
/// <param name="Kind">What it is: host, uplink, bridge, veth, container, port, ….</param>
/// <param name="Standing">How it stands to the plan.</param>
public sealed record TopologyTreeLine(string Indent, string Name, string Detail, string Kind, PictureStanding Standing)
{
    /// <summary>The whole line.</summary>
    public override string ToString() => Detail.Length == 0 ? Indent + Name : $"{Indent}{Name}  {Detail}";
}

/// <summary>Draws a picture as a tree of text: from the host by its bridges to the containers, and what is known of each interface below it.</summary>
public sealed class TopologyTree
{
    private readonly NetworkTopology _topology;
    private readonly TopologyHubs _hubs;
    private readonly ILookup<string, TopologyConnection> _from;
    private readonly Dictionary<string, (TopologyNamespace? Namespace, TopologyLink Link)> _links = [];
    private readonly List<TopologyTreeLine> _lines = [];
    private readonly HashSet<string> _drawn = [];
    private int _depth;

    private TopologyTree(NetworkTopology topology)
    {
        _topology = topology;
        _hubs = new TopologyHubs(topology);
        _from = topology.Connections
            .Where(line => line.Kind is TopologyConnectionKind.Port or TopologyConnectionKind.Pair or TopologyConnectionKind.On)
            .ToLookup(line => line.From);
        foreach (TopologyLink link in topology.Links)
        {
            _links[link.Id] = (null, link);
        }

        foreach (TopologyNamespace ns in topology.Namespaces)
        {
            foreach (TopologyLink link in ns.Links)
            {
                _links[link.Id] = (ns, link);
            }
        }
    }

    /// <summary>Draws a picture.</summary>
    /// <param name="topology">The picture.</param>
    /// <param name="depth">How many levels below the host to draw; what is below the last is counted. Null for all.</param>
    public static IReadOnlyList<TopologyTreeLine> Draw(NetworkTopology topology, int? depth = null)
    {
        System.ArgumentNullException.ThrowIfNull(topology);
        TopologyTree tree = new(topology) { _depth = depth ?? int.MaxValue };
        tree.Draw();
        return tree._lines;
    }

    private void Draw()
    {
        _lines.Add(new TopologyTreeLine("", _topology.HostName, "host", "host", PictureStanding.Present));
        HashSet<string> below = [.. _from.SelectMany(lines => lines).Select(line => line.To)];
        List<Branch> branches = [.. _topology.Links.Where(link => !below.Contains(link.Id)).Select(link => new Branch(link.Id))];
        foreach (TopologyNamespace ns in _topology.Namespaces)
        {
            branches.AddRange(ns.Links.Where(link => !below.Contains(link.Id)).Select(link => new Branch(link.Id)));
            if (ns.Links.Count == 0)
            {
                branches.Add(new Branch(new TopologyTreeLine("", PictureText.Fit(ns.Name), "no interfaces", "container", PictureStanding.Present)));
            }
        }

        Draw(branches, "", 1);
    }

    private void Draw(IReadOnlyList<Branch> branches, string indent, int level)
    {
        if (level > _depth)
        {
            return;
        }

        for (int i = 0; i < branches.Count; i++)
        {
            bool isLast = i == branches.Count - 1;
            string lead = indent + (isLast ? "└─ " : "├─ "), further = indent + (isLast ? "   " : "│  ");
            if (branches[i].Line is { } line)
            {
                _lines.Add(line with { Indent = lead });
            }
            else if (branches[i].Id is { } id && _drawn.Add(id))
            {
                TopologyTreeLine own = Describe(_links[id].Namespace, _links[id].Link);
                string below = level == _depth ? TopologyCount.Below(id, _from, _links) : "";
                _lines.Add(own with { Indent = lead, Detail = string.Join("  ", new[] { own.Detail, below }.Where(part => part.Length > 0)) });
                Draw(Below(_links[id].Link), further, level + 1);
            }
        }
    }

    private List<Branch> Below(TopologyLink link)
    {
        List<Branch> branches = [.. Facts(link).Select(fact => new Branch(fact))];
        branches.AddRange(_from[link.Id].Where(line => !_drawn.Contains(line.To))
            .OrderBy(line => SortKey(line.To), NaturalOrder.Instance).Select(line => new Branch(line.To)));
        return branches;
    }

    // Ports by the container that they lead to.
    private string SortKey(string id) => _links[id].Namespace is { Hidden: > 0 } ? "\uffff" : _from[id].FirstOrDefault() is { Kind: TopologyConnectionKind.Pair } pair ? pair.To : id;

    private TopologyTreeLine Describe(TopologyNamespace? ns, TopologyLink link)
    {
        if (ns is { Hidden: > 0 })
        {
            string network = link.Network is null ? "" : $"({link.Network})";
            return new TopologyTreeLine("", ns.Name, string.Join("  ", new[] { network, PictureText.HiddenPorts(ns) }.Where(part => part.Length > 0)), "more", PictureStanding.Present);
        }

        string name = ns is null ? link.Name : $"{PictureText.Fit(ns.Name)} {link.Name}";
        string kind = ns is not null ? "container" : link.Role switch
        {
            TopologyRole.Uplink => "uplink",
            TopologyRole.Bridge => "bridge",
            TopologyRole.Veth => "veth",
            _ => "link",
        };
        List<string> details = [];
        if (ns is null)
        {
            details.Add(PictureText.KindOf(link));
            details.Add(_depth == int.MaxValue || link.Role == TopologyRole.Veth || _hubs.TextOf(link.Id) is not { Length: > 0 } networks ? "" : $"({networks})");
        }

        string addresses = string.Join(", ", link.Facts
            .Where(fact => fact.Kind == TopologyFactKind.Address && fact.Standing == link.Standing).Select(fact => fact.Text));
        details.Add(addresses);
        details.Add(link.Network is null ? "" : $"({link.Network})");
        details.Add(link.IsUp ? "" : "down");
        details.Add(link.Standing == PictureStanding.Present ? "" : PictureText.WordOf(link.Standing));
        return new TopologyTreeLine("", name, string.Join("  ", details.Where(detail => detail.Length > 0)), kind, link.Standing);
    }

    private static IEnumerable<TopologyTreeLine> Facts(TopologyLink link)
    {
        foreach (TopologyFact fact in link.Facts)
        {
            if (fact.Kind != TopologyFactKind.Address || fact.Standing != link.Standing)
            {
                string detail = fact.Standing == link.Standing ? "" : PictureText.WordOf(fact.Standing);
                string kind = fact.Kind switch
                {
                    TopologyFactKind.Address => "address",
                    TopologyFactKind.Port => "port",
                    _ => "masquerade",
                };
                yield return new TopologyTreeLine("", PictureText.Describe(fact), detail, kind, fact.Standing);
            }
        }
    }

    private sealed record Branch(string? Id, TopologyTreeLine? Line)
    {
        internal Branch(string id)
            : this(id, null)
        {
        }

        internal Branch(TopologyTreeLine line)
            : this(null, line)
        {
        }
    }
}
