using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace CniPS.Pictures.Formats;

/// <summary>Writes a picture in Graphviz's language (graphviz.org/doc/info/lang.html).</summary>
internal sealed class DotWriter : GraphWriter
{
    private const string PathColour = ", color=\"#bc4c00\", penwidth=3";

    private DotWriter(NetworkTopology topology)
        : base(topology)
    {
    }

    internal static string Write(NetworkTopology topology) => new DotWriter(topology).Write();

    private protected override void Begin()
    {
        Line($"digraph {Quote(Topology.HostName)} {{");
        Line("    rankdir=LR");
        Line("    fontname=\"monospace\"");
        Line("    node [shape=box, style=rounded, fontname=\"monospace\", fontsize=11]");
        Line("    edge [fontname=\"monospace\", fontsize=10, color=\"#57606a\"]");
        Line("    outside [label=\"outside\", shape=ellipse]");
    }

    private protected override void End() => Line("}");

    private protected override void Connect(string from, string to, TopologyConnection line)
    {
        string how = line.Kind == TopologyConnectionKind.Masquerade ? "label=\"masquerade\", style=dashed, constraint=false" : "dir=none";
        Line($"    {from} -> {to} [{how}{EdgeColour(line.Standing)}{(line.IsOnPath ? PathColour : "")}]");
    }

    private protected override void Publish(string to, TopologyFact port) =>
        Line($"    outside -> {to} [label={Quote(port.Text)}, style=dashed, constraint=false{EdgeColour(port.Standing)}]");

    private protected override void Group(string id, string name, IReadOnlyList<TopologyLink> links)
    {
        Line($"    subgraph cluster_{id} {{");
        Line($"        label={Quote(name)}");
        foreach (TopologyLink link in links)
        {
            string node = Name(link);
            IEnumerable<string> lines = new[] { link.Name, NetworksOf(link) }.Where(line => line.Length > 0).Concat(link.Facts.Where(fact => fact.Kind != TopologyFactKind.Port).Select(fact => PictureText.Describe(fact, link.Standing)));
            string tooltip = string.Join('\n', PictureText.Describe(link));
            string bold = link.Role == TopologyRole.Bridge ? ", penwidth=2" : "";
            Line($"        {node} [label={Quote(string.Join('\n', lines))}, tooltip={Quote(tooltip)}{bold}{Colour(link.Standing)}{(link.IsOnPath ? PathColour : "")}]");
        }

        if (links.Count == 0)
        {
            Line($"        {id}_empty [label=\"no interfaces\", shape=plaintext]");
        }

        Line("    }");
    }

    private protected override void More(string node, string text) => Line($"    {node} [label={Quote(text)}, style=\"dashed,rounded\"]");

    private static string Colour(PictureStanding standing) => standing switch
    {
        PictureStanding.Added => ", color=\"#1a7f37\", fontcolor=\"#1a7f37\", style=\"dashed,rounded\"",
        PictureStanding.Removed => ", color=\"#cf222e\", fontcolor=\"#cf222e\", style=\"dotted,rounded\"",
        _ => "",
    };

    private static string EdgeColour(PictureStanding standing) => standing switch
    {
        PictureStanding.Added => ", color=\"#1a7f37\", fontcolor=\"#1a7f37\", penwidth=2",
        PictureStanding.Removed => ", color=\"#cf222e\", fontcolor=\"#cf222e\", penwidth=2",
        _ => "",
    };

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '&' => "&amp;", // Graphviz reads HTML's character references
                _ when char.IsControl(c) => " ",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
