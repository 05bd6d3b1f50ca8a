using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace CniPS.Pictures.Svg;

/// <summary>Says below a picture what its colours and lines mean: those that are in it.</summary>
internal sealed class SvgLegend
{
    private const int Margin = 16, RowHeight = 24, Swatch = 26, Gap = 22;

    private readonly List<(string Css, string Word, int X, int Row)> _keys = [];

    /// <param name="topology">What is drawn.</param>
    /// <param name="layout">Where it stands.</param>
    /// <param name="width">How wide the legend may be.</param>
    internal SvgLegend(NetworkTopology topology, SvgLayout layout, int width)
    {
        HashSet<string> boxes = [.. layout.Boxes.Select(box => box.Css)], wires = [.. layout.Wires.Select(wire => wire.Css)];
        bool hasPlan = topology.HasPlan;
        int x = Margin, row = 0;
        foreach ((string css, string word, bool isThere) in ((string, string, bool)[])
            [
                ("box uplink", "uplink", boxes.Contains("uplink")), ("box port", "open port of the host", boxes.Contains("port")),
                ("box bridge", "bridge", boxes.Contains("bridge")), ("box veth", "host's end of a pair", boxes.Contains("veth")),
                ("box container", "container", boxes.Contains("container")), ("box more", "containers not shown", boxes.Contains("more")),
                ("wire masquerade", "masqueraded", wires.Contains("masquerade arrow")), ("wire forward", "port forwarded", wires.Contains("forward arrow")),
                ("box veth added", "planned", hasPlan), ("box veth removed", "to be removed", hasPlan), ("wire path", "path", topology.HasPath),
            ])
        {
            int wide = isThere ? Swatch + 8 + SvgBox.WidthOf(word) : 0;
            if (isThere && x > Margin && x + wide + Margin > width)
            {
                x = Margin;
                row++;
            }

            if (isThere)
            {
                _keys.Add((css, word, x, row));
                x += wide + Gap;
            }
        }

        Height = _keys.Count == 0 ? 0 : ((row + 1) * RowHeight) + 10;
    }

    internal int Height { get; }

    /// <summary>Writes it.</summary>
    /// <param name="text">What is written to.</param>
    /// <param name="top">Where it begins.</param>
    internal void Write(StringBuilder text, int top)
    {
        text.Append("<g class=\"legend\">\n");
        foreach ((string css, string word, int x, int row) in _keys)
        {
            int y = top + (row * RowHeight);
            string sign = css.StartsWith("wire", System.StringComparison.Ordinal)
                ? string.Create(CultureInfo.InvariantCulture, $"<path class=\"{css}\" d=\"M{x} {y + 8} h{Swatch}\"/>")
                : string.Create(CultureInfo.InvariantCulture, $"<g class=\"{css}\"><rect x=\"{x}\" y=\"{y}\" width=\"{Swatch}\" height=\"16\" rx=\"4\"/></g>");
            text.Append(CultureInfo.InvariantCulture, $"{sign}<text x=\"{x + Swatch + 8}\" y=\"{y + 12}\">{word}</text>\n");
        }

        text.Append("</g>\n");
    }
}
