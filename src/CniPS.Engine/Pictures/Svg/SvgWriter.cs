using System.Globalization;
using System.Linq;
using System.Text;

namespace CniPS.Pictures.Svg;

/// <summary>Writes a picture as SVG 1.1, complete in itself; light or dark as the reader's system is.</summary>
internal sealed class SvgWriter
{
    // What a browser's window of 1280 pixels has room for: a wider picture is scaled down.
    private const int MaxWidth = 1232;

    private readonly NetworkTopology _topology;
    private readonly StringBuilder _text = new();

    private SvgWriter(NetworkTopology topology) => _topology = topology;

    internal static string Write(NetworkTopology topology) => new SvgWriter(topology).Write();

    private string Write()
    {
        SvgLayout layout = new(_topology);
        int width = System.Math.Max(layout.Width, 420);
        SvgLegend legend = new(_topology, layout, width);
        int height = layout.Height + legend.Height, shown = System.Math.Min(width, MaxWidth);
        string title = Xml.Escape($"Container networks of {_topology.HostName}");
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{shown}\" height=\"{height * shown / width}\" role=\"img\" aria-label=\"{title}\">");
        Line($"<title>{title}</title>");
        Line($"<style>{SvgStyle.Text}</style>");
        Line($"<defs>{Marker("", "mark")}{Marker("-forward", "mark-forward")}{Marker("-added", "mark-added")}{Marker("-removed", "mark-removed")}</defs>");
        Line($"<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>");
        Write(layout.Outside);
        Write(layout.Host);
        foreach (SvgWire wire in layout.Wires)
        {
            string end = !wire.Css.EndsWith(" arrow", System.StringComparison.Ordinal) ? ""
                : $" marker-end=\"url(#end{EndOf(wire)})\"";
            Line($"<path class=\"wire {Css(wire.Css, wire.Standing)}{(wire.IsOnPath ? " path" : "")}\" d=\"{wire.Path}\"{end}><title>{Xml.Escape(wire.Tooltip)}</title></path>");
        }

        foreach (SvgBox box in layout.Boxes)
        {
            Write(box);
        }

        foreach (SvgLabel label in layout.Labels)
        {
            Line($"<text class=\"{Css("label", label.Standing)}\" x=\"{label.X}\" y=\"{label.Y}\">{Xml.Escape(label.Text)}</text>");
        }

        legend.Write(_text, layout.Height);
        Line($"</svg>");
        return _text.ToString();
    }

    private void Write(SvgBox box)
    {
        Line($"<g class=\"box {Css(box.Css, box.Standing)}{(box.IsOnPath ? " path" : "")}\"><title>{Xml.Escape(box.Tooltip)}</title>");
        Line($"<rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{box.Height}\" rx=\"6\"/>");
        for (int i = 0; i < box.Lines.Count; i++)
        {
            SvgLine line = box.Lines[i];
            string suffix = line.Suffix.Length == 0 ? "" : $" <tspan class=\"{Css("dim", line.SuffixStanding)}\">{Xml.Escape(line.Suffix)}</tspan>";
            int y = box.MiddleOf(i) + 4 + (box.Css is "host" or "outside" ? 3 : 0);
            Line($"<text class=\"{Css(line.Css, line.Standing)}\" x=\"{box.X + SvgBox.Padding}\" y=\"{y}\">{Xml.Escape(line.Text)}{suffix}</text>");
        }

        Line($"</g>");
    }

    private static string Css(string css, PictureStanding standing) => PictureText.ClassOf(standing) is { } mark ? $"{css} {mark}" : css;

    private static string EndOf(SvgWire wire) =>
        PictureText.ClassOf(wire.Standing) is { } mark ? "-" + mark
        : wire.Css.StartsWith("forward", System.StringComparison.Ordinal) ? "-forward"
        : "";

    private static string Marker(string id, string css) =>
        $"<marker id=\"end{id}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path class=\"{css}\" d=\"M0 0L8 4L0 8z\"/></marker>";

    private void Line(System.FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
