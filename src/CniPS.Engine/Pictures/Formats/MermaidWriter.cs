using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace CniPS.Pictures.Formats;

/// <summary>Writes a picture as a flowchart of Mermaid (mermaid.js.org/syntax/flowchart.html).</summary>
internal sealed class MermaidWriter : GraphWriter
{
    private readonly Dictionary<PictureStanding, List<int>> _marked = [];
    private readonly List<int> _path = [];
    private int _lines;

    private MermaidWriter(NetworkTopology topology)
        : base(topology)
    {
    }

    internal static string Write(NetworkTopology topology) => new MermaidWriter(topology).Write();

    private protected override void Begin()
    {
        Line("flowchart LR");
        Line("    outside([\"outside\"])");
    }

    private protected override void Connect(string from, string to, TopologyConnection line) =>
        Connect(from, line.Kind == TopologyConnectionKind.Masquerade ? "-. masquerade .->" : "---", to, line.Standing, line.IsOnPath);

    private protected override void Publish(string to, TopologyFact port) => Connect("outside", $"-. \"{Escape(port.Text)}\" .->", to, port.Standing, isOnPath: false);

    private protected override void More(string node, string text) => Line($"    {node}([\"{Escape(text)}\"])");

    private protected override void Group(string id, string name, IReadOnlyList<TopologyLink> links)
    {
        Line($"    subgraph {id}[\"{Escape(name)}\"]");
        foreach (TopologyLink link in links)
        {
            string node = Name(link);
            string mark = PictureText.ClassOf(link.Standing) is { } css ? $":::{css}" : link.IsOnPath ? ":::path" : "";
            string label = string.Join("<br/>", new[] { link.Name, NetworksOf(link), Kind(link) }.Concat(link.Facts.Where(IsShown).Select(fact => PictureText.Describe(fact, link.Standing))).Where(part => part.Length > 0).Select(Escape));
            (string left, string right) = link.Role == TopologyRole.Bridge ? ("[[", "]]") : ("[", "]");
            Line($"        {node}{left}\"{label}\"{right}{mark}");
        }

        if (links.Count == 0)
        {
            Line($"        {id}e[\"no interfaces\"]");
        }

        Line("    end");
    }

    private static string Kind(TopologyLink link) => link.Role is TopologyRole.Veth or TopologyRole.Interface ? "" : PictureText.KindOf(link);

    private static bool IsShown(TopologyFact fact) => fact.Kind != TopologyFactKind.Port;

    private void Connect(string from, string arrow, string to, PictureStanding standing, bool isOnPath)
    {
        if (isOnPath)
        {
            _path.Add(_lines);
        }

        Line($"    {from} {arrow} {to}");
        if (standing != PictureStanding.Present)
        {
            (_marked.TryGetValue(standing, out List<int>? lines) ? lines : _marked[standing] = []).Add(_lines);
        }

        _lines++;
    }

    private protected override void End()
    {
        if (Topology.HasPlan)
        {
            Line("    classDef added stroke:#1a7f37,stroke-width:2px,stroke-dasharray:5 3,color:#1a7f37");
            Line("    classDef removed stroke:#cf222e,stroke-width:2px,stroke-dasharray:2 3,color:#cf222e");
        }

        if (Topology.HasPath)
        {
            Line("    classDef path stroke:#bc4c00,stroke-width:3px");
        }

        if (_path.Count > 0)
        {
            Line($"    linkStyle {string.Join(',', _path)} stroke:#bc4c00,stroke-width:3px");
        }

        foreach (PictureStanding standing in (PictureStanding[])[PictureStanding.Added, PictureStanding.Removed])
        {
            if (_marked.TryGetValue(standing, out List<int>? lines))
            {
                Line($"    linkStyle {string.Join(',', lines)} stroke:{(standing == PictureStanding.Added ? "#1a7f37" : "#cf222e")}");
            }
        }
    }

    // Mermaid's own character references: a label can hold neither a quotation mark nor HTML's.
    private static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char c in text)
        {
            if (c is '"' or '#' or '<' or '>' or '&' or ';' or '`' or '\\' or '[' or ']' or '{' or '}' or '|' or '*' or '_')
            {
                escaped.Append('#').Append((int)c).Append(';');
            }
            else
            {
                escaped.Append(char.IsControl(c) ? ' ' : c);
            }
        }

        return escaped.ToString();
    }
}
