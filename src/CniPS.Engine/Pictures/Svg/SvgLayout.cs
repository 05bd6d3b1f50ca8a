using System;
using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures.Svg;

/// <summary>
/// Says where everything stands. From left to right: the outside, the host (its uplinks and open ports, its bridges, its ends of the veth
/// pairs), the containers. A bridge is as high as its ports together, each beside its container, so that lines run straight and none crosses
/// another, but for containers on several bridges.
/// </summary>
internal sealed class SvgLayout
{
    private const int Margin = 16, Gap = 10, GroupGap = 22, Inset = 14, HeaderHeight = 30, Stub = 26, Wire = 84, OutsideWidth = 76, OutsideGap = 44;

    private readonly NetworkTopology _topology;
    private readonly Dictionary<string, TopologyLink> _links;
    private readonly Dictionary<string, TopologyNamespace> _owners = [];
    private readonly ILookup<string, TopologyConnection> _from;
    private readonly Dictionary<string, SvgBox> _boxes = [];
    private readonly Dictionary<string, SvgBox> _containers = [];
    private readonly Dictionary<string, int> _rows = [];
    private readonly List<(SvgBox Box, string Target)> _ports = [];
    private readonly HashSet<string> _placed = [];
    private readonly Dictionary<string, HashSet<string>> _groups = [];
    private int _y, _leftY;

    internal SvgLayout(NetworkTopology topology)
    {
        _topology = topology;
        _links = topology.AllLinks.ToDictionary(link => link.Id);
        _from = topology.Connections.ToLookup(line => line.From);
        TopologyHubs hubs = new(topology);
        foreach (TopologyNamespace ns in topology.Namespaces)
        {
            _containers[ns.Id] = SvgBoxes.OfNamespace(ns, _rows);
            foreach (TopologyLink link in ns.Links)
            {
                _owners[link.Id] = ns;
            }
        }

        foreach (TopologyLink link in topology.Links)
        {
            _boxes[link.Id] = SvgBoxes.OfLink(link, hubs.TextOf(link.Id));
        }

        Place();
        new SvgWiring(this, topology).AddTo(Wires, Labels);
    }

    internal SvgBox Outside { get; } = new()
    {
        Css = "outside",
        Tooltip = "what is outside the host",
        Lines = [new SvgLine("outside", "name", PictureStanding.Present)],
    };

    internal SvgBox Host { get; private set; } = null!;

    internal int Width { get; private set; }

    internal int Height { get; private set; }

    /// <summary>Where lines may run up and down between the left column and the bridges.</summary>
    internal int Gutter { get; private set; }

    internal IEnumerable<SvgBox> Boxes => [.. _boxes.Values, .. _ports.Select(port => port.Box), .. _containers.Values];

    /// <summary>The host's open ports, each with the id of the interface to which the packets go first.</summary>
    internal IReadOnlyList<(SvgBox Box, string Target)> Ports => _ports;

    internal List<SvgWire> Wires { get; } = [];

    internal List<SvgLabel> Labels { get; } = [];

    internal bool IsOnHost(string id) => _boxes.ContainsKey(id);

    internal SvgBox BoxOf(string id) => _boxes.TryGetValue(id, out SvgBox? box) ? box : _containers[_owners[id].Id];

    /// <summary>Where lines end at an interface.</summary>
    internal int MiddleOf(string id) => _boxes.TryGetValue(id, out SvgBox? box)
        ? (_links[id].Role == TopologyRole.Veth ? box.Middle : box.MiddleOf(0))
        : _containers[_owners[id].Id].MiddleOf(_rows[id]);

    private void Place()
    {
        List<TopologyLink> hubs = [.. _topology.Links.Where(IsHub)];
        List<TopologyLink> uplinks = [.. _topology.Links.Where(link => link.Role == TopologyRole.Uplink && !IsHub(link) && !IsPort(link))];
        _y = _leftY = Margin + HeaderHeight;
        foreach (TopologyLink uplink in uplinks)
        {
            PlaceLeft(_boxes[uplink.Id], _leftY);
        }

        foreach (TopologyLink hub in hubs)
        {
            PlaceGroup(_boxes[hub.Id], hub.Id, [.. PortsOf(hub.Id)]);
        }

        List<TopologyLink> rest = [.. _topology.Links.Where(link => !_placed.Contains(link.Id) && !uplinks.Contains(link))];
        PlaceGroup(null, "", [.. rest.Where(link => link.Role == TopologyRole.Veth).Select(link => link.Id).OrderBy(SortKey, NaturalOrder.Instance)]);
        foreach (TopologyLink link in rest.Where(link => link.Role != TopologyRole.Veth))
        {
            PlaceGroup(_boxes[link.Id], link.Id, []);
        }

        foreach (TopologyNamespace ns in _topology.Namespaces)
        {
            PlaceContainer(ns, _y, out int bottom);
            _y = Math.Max(_y, bottom);
        }

        PlaceColumns(uplinks);
    }

    // A bridge with its ports, or what has no bridge.
    private void PlaceGroup(SvgBox? hub, string hubId, IReadOnlyList<string> ports)
    {
        if (hub is null && ports.Count == 0)
        {
            return;
        }

        int top = _y;
        if (hub is not null)
        {
            _placed.Add(hubId);
            hub.Y = top;
        }

        _leftY = Math.Max(_leftY, top + (hub is null ? 0 : SvgBox.LineHeight + Gap)); // beside its first line goes what is masqueraded
        HashSet<string> group = [.. ports];
        foreach (string port in ports)
        {
            _placed.Add(port);
            PlacePort(port, group);
        }

        int bottom = Math.Max(_y - Gap, _leftY - Gap);
        if (hub is not null)
        {
            hub.Height = Math.Max(hub.Height, bottom - top);
            bottom = hub.Bottom;
        }

        _y = bottom + GroupGap;
    }

    private void PlacePort(string port, HashSet<string> group)
    {
        string inner = InnerOf(port);
        bool isChip = _boxes.TryGetValue(port, out SvgBox? chip);
        int top = _y, bottom = top + (isChip ? chip!.Height : 0) + Gap;
        if (_owners.TryGetValue(inner, out TopologyNamespace? ns))
        {
            if (PlaceContainer(ns, top, out int below))
            {
                _groups[ns.Id] = group;
                bottom = Math.Max(bottom, below);
            }

            if (isChip)
            {
                // Beside its interface, if the container stands in this group, and there is room.
                bool isHere = _groups[ns.Id] == group;
                chip!.Y = isHere ? Math.Max(LowestChip(group, port), MiddleOf(inner) - (chip.Height / 2)) : top;
                bottom = Math.Max(isHere && chip.Y < top ? top : bottom, chip.Bottom + Gap);
            }

            foreach (TopologyFact fact in _links[inner].Facts.Where(fact => fact.Kind == TopologyFactKind.Port))
            {
                SvgBox box = SvgBoxes.OfPort(fact, $"{ns.Name} {_links[inner].Name}");
                PlaceLeft(box, MiddleOf(inner) - (box.Height / 2));
                _ports.Add((box, port));
            }
        }
        else if (isChip)
        {
            chip!.Y = top;
        }

        _y = Math.Max(top, bottom);
    }

    private int LowestChip(HashSet<string> group, string port) => group
        .Where(other => other != port && _placed.Contains(other) && _boxes.ContainsKey(other)).Select(other => _boxes[other].Bottom + 4).DefaultIfEmpty(0).Max();

    private bool PlaceContainer(TopologyNamespace ns, int y, out int bottom)
    {
        SvgBox box = _containers[ns.Id];
        if (!_placed.Add("namespace " + ns.Id))
        {
            bottom = y;
            return false;
        }

        box.Y = y;
        bottom = box.Bottom + Gap;
        return true;
    }

    private void PlaceLeft(SvgBox box, int y)
    {
        box.Y = Math.Max(_leftY, y);
        _leftY = box.Bottom + Gap;
    }

    private void PlaceColumns(IReadOnlyList<TopologyLink> uplinks)
    {
        int bottom = Boxes.Select(box => box.Bottom).DefaultIfEmpty(0).Max();
        int x = Margin + OutsideWidth + OutsideGap, inside = x + Inset;
        List<SvgBox> left = [.. uplinks.Select(link => _boxes[link.Id]), .. _ports.Select(port => port.Box)];
        List<SvgBox> chips = [.. _topology.Links.Where(link => link.Role == TopologyRole.Veth || (IsPort(link) && !IsHub(link))).Select(link => _boxes[link.Id])];
        List<SvgBox> middle = [.. _boxes.Values.Except(left).Except(chips)];
        bool isMasqueraded = _topology.Connections.Any(line => line.Kind == TopologyConnectionKind.Masquerade);
        inside = PlaceColumn(left, inside, isMasqueraded ? 100 : 30);
        Gutter = left.Count > 0 ? inside - 84 : inside + 16;
        inside += left.Count == 0 && isMasqueraded ? 100 : 0;
        inside = PlaceColumn(middle, inside, chips.Count > 0 ? Stub : 0);
        inside = PlaceColumn(chips, inside, 0);
        string title = $"{_topology.HostName} (host)";
        Host = new SvgBox
        {
            Css = "host",
            Tooltip = title,
            X = x,
            Y = Margin,
            Width = Math.Max(inside + Inset - x, SvgBox.WidthOf(PictureText.Fit(title)) + (2 * Inset)),
            Height = Math.Max(bottom, Margin + HeaderHeight + 20) + Inset - Margin,
            Lines = [new SvgLine(PictureText.Fit(title), "name", PictureStanding.Present)],
        };
        Outside.X = Outside.Y = Margin;
        Outside.Width = OutsideWidth;
        Outside.Height = Host.Height;
        PlaceColumn([.. _containers.Values], Host.Right + Wire, 0);
        bool turnsBack = _topology.Connections.Any(line => line.Kind == TopologyConnectionKind.Pair && !IsOnHost(line.From));
        Width = Boxes.Select(box => box.Right).Append(Host.Right).Max() + (turnsBack ? 70 : 0) + Margin;
        Height = Host.Bottom + Margin;
    }

    // All of a column as wide as the widest.
    private static int PlaceColumn(IReadOnlyList<SvgBox> boxes, int x, int space)
    {
        int width = boxes.Select(box => box.Width).DefaultIfEmpty(0).Max();
        foreach (SvgBox box in boxes)
        {
            box.X = x;
            box.Width = width;
        }

        return boxes.Count == 0 ? x : x + width + space;
    }

    private IEnumerable<string> PortsOf(string hub) => _from[hub]
        .Where(line => line.Kind is TopologyConnectionKind.Port or TopologyConnectionKind.On && !(IsOnHost(line.To) && IsHub(_links[line.To])))
        .Select(line => line.To).OrderBy(SortKey, NaturalOrder.Instance);

    // What stands in the middle column: bridges, and what other interfaces are on.
    private bool IsHub(TopologyLink link) =>
        link.Role == TopologyRole.Bridge || _from[link.Id].Any(line => line.Kind is TopologyConnectionKind.Port or TopologyConnectionKind.On);

    private bool IsPort(TopologyLink link) =>
        _topology.Connections.Any(line => line.To == link.Id && line.Kind is TopologyConnectionKind.Port or TopologyConnectionKind.On);

    private string InnerOf(string port) => _from[port].FirstOrDefault(line => line.Kind == TopologyConnectionKind.Pair)?.To ?? port;

    // What a plan changes and what is on the path first, what is not shown last.
    private string SortKey(string port) => !_owners.TryGetValue(InnerOf(port), out TopologyNamespace? ns) || ns.Hidden > 0 ? $"\uffff{port}"
        : TopologyFold.IsFirst(ns) ? $" {ns.Name} {InnerOf(port)}" : $"{ns.Name} {InnerOf(port)}";
}
