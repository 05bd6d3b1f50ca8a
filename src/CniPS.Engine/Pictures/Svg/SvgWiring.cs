using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CniPS.Pictures.Svg;

/// <summary>Draws the lines between boxes that stand.</summary>
internal sealed class SvgWiring(SvgLayout layout, NetworkTopology topology)
{
    internal void AddTo(List<SvgWire> wires, List<SvgLabel> labels)
    {
        foreach (TopologyConnection line in topology.Connections)
        {
            string tooltip = Describe(line);
            switch (line.Kind)
            {
                case TopologyConnectionKind.Uplink:
                    wires.Add(new SvgWire(Straight(layout.Outside.Right, layout.BoxOf(line.To).X, layout.MiddleOf(line.To)), "trunk", line.Standing, tooltip, line.IsOnPath));
                    break;
                case TopologyConnectionKind.Masquerade:
                    AddMasquerade(line, wires, labels, tooltip);
                    break;
                case TopologyConnectionKind.Pair:
                    wires.Add(new SvgWire(layout.IsOnHost(line.From) ? Across(line) : Back(line), "pair", line.Standing, tooltip, line.IsOnPath));
                    break;
                default:
                    wires.Add(new SvgWire(FromHub(line), "stub", line.Standing, tooltip, line.IsOnPath));
                    break;
            }
        }

        foreach ((SvgBox box, string target) in layout.Ports)
        {
            // To the bridge that the port's interface is at, which stands between; else to the interface itself.
            SvgBox to = layout.BoxOf(HubOf(target) ?? target);
            bool isBeside = box.Middle >= to.Y && box.Middle <= to.Bottom;
            string path = isBeside ? Straight(box.Right, to.X, box.Middle) : Curve(box.Right, box.Middle, to.X, to.Middle);
            wires.Add(new SvgWire(Straight(layout.Outside.Right, box.X, box.Middle), "forward arrow", box.Standing, box.Tooltip));
            wires.Add(new SvgWire(path, "forward arrow", box.Standing, box.Tooltip));
        }
    }

    private void AddMasquerade(TopologyConnection line, List<SvgWire> wires, List<SvgLabel> labels, string tooltip)
    {
        SvgBox from = layout.BoxOf(line.From);
        int y = from.Css == "veth" ? from.Y + 7 : layout.MiddleOf(line.From); // where a port leads to the same box, that comes in the middle
        if (line.To == NetworkTopology.Outside)
        {
            wires.Add(new SvgWire(Straight(from.X, layout.Outside.Right, y), "masquerade arrow", line.Standing, tooltip, line.IsOnPath));
        }
        else
        {
            SvgBox to = layout.BoxOf(line.To);
            int x = layout.Gutter;
            string path = to.Right > x ? Text($"M{from.X} {y} H{x} V{layout.MiddleOf(line.To) + 8} H{to.X}") // an uplink that stands among the bridges
                : y > to.Y && y < to.Bottom ? Straight(from.X, to.Right, y)
                : Text($"M{from.X} {y} H{x} V{layout.MiddleOf(line.To) + 14} H{to.Right}");
            wires.Add(new SvgWire(path, "masquerade arrow", line.Standing, tooltip, line.IsOnPath));
        }

        labels.Add(new SvgLabel(from.X - 6, y - 4, "masquerade", line.Standing));
    }

    private string FromHub(TopologyConnection line)
    {
        SvgBox hub = layout.BoxOf(line.From), port = layout.BoxOf(line.To);
        int y = layout.IsOnHost(line.To) ? port.Middle : layout.MiddleOf(line.To);
        return port.X < hub.Right ? Text($"M{hub.X} {hub.Middle} H{hub.X - 14} V{port.Middle} H{port.X}")
            : y >= hub.Y && y <= hub.Bottom ? Straight(hub.Right, port.X, y)
            : Curve(hub.Right, hub.Middle, port.X, y);
    }

    private string Across(TopologyConnection line)
    {
        SvgBox from = layout.BoxOf(line.From), to = layout.BoxOf(line.To);
        int start = layout.MiddleOf(line.From), end = layout.MiddleOf(line.To);
        return layout.IsOnHost(line.To) && to.X < from.Right ? Text($"M{from.Right} {start} h14 V{end} H{to.Right}") : Curve(from.Right, start, to.X, end);
    }

    // Between two containers: around on the right.
    private string Back(TopologyConnection line)
    {
        SvgBox from = layout.BoxOf(line.From), to = layout.BoxOf(line.To);
        int start = layout.MiddleOf(line.From), end = layout.MiddleOf(line.To);
        return Text($"M{from.Right} {start} C{from.Right + 70} {start} {to.Right + 70} {end} {to.Right} {end}");
    }

    private string? HubOf(string port) => topology.Connections
        .FirstOrDefault(line => line.To == port && line.Kind is TopologyConnectionKind.Port or TopologyConnectionKind.On)?.From;

    private static string Describe(TopologyConnection line)
    {
        string text = $"{line.From} – {line.To}";
        text = line.Kind == TopologyConnectionKind.Masquerade ? $"masquerade: {line.From} → {line.To}" : text;
        return line.Standing == PictureStanding.Present ? text : $"{text} ({PictureText.WordOf(line.Standing)})";
    }

    private static string Straight(int from, int to, int y) => Text($"M{from} {y} H{to}");

    private static string Curve(int fromX, int fromY, int toX, int toY) =>
        fromY == toY ? Straight(fromX, toX, fromY) : Text($"M{fromX} {fromY} C{(fromX + toX) / 2} {fromY} {(fromX + toX) / 2} {toY} {toX} {toY}");

    private static string Text(FormattableString path) => path.ToString(CultureInfo.InvariantCulture);
}
