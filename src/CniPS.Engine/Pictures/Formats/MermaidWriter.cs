using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace CniPS.Pictures.Formats;

/// <summary>Writes a picture as a flowchart of Mermaid (mermaid.js.org/syntax/flowchart.html).</summary>
internal sealed class MermaidWriter
{
    private readonly NetworkTopology _topology;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _ids = new() { [NetworkTopology.Outside] = "outside" };
    private int _lines;
    private readonly Dictionary<PictureStanding, List<int>> _marked = [];

    private MermaidWriter(NetworkTopology topology) => _topology = topology;

    internal static string Write(NetworkTopology topology) => new MermaidWriter(topology).Write();

    private string Write()
    {
        Line("flowchart LR");
        Line("    outside([\"outside\"])");
        Group("host", _topology.HostName, _topology.Links);
        for (int i = 0; i < _topology.Namespaces.Count; i++)
        {
            TopologyNamespace ns = _topology.Namespaces[i];
            Group(string.Create(CultureInfo.InvariantCulture, $"ns{i + 1}"), PictureText.Fit(ns.Name), ns.Links);
        }

        foreach (TopologyConnection line in _topology.Connections)
        {
            string arrow = line.Kind == TopologyConnectionKind.Masquerade ? "-. masquerade .->" : "---";
            Connect(_ids[line.From], arrow, _ids[line.To], line.Standing);
        }

        foreach (TopologyLink link in _topology.AllLinks)
        {
            foreach (TopologyFact port in link.Facts.Where(fact => fact.Kind == TopologyFactKind.Port))
            {
                Connect("outside", $"-. \"{Escape(port.Text)}\" .->", _ids[link.Id], port.Standing);
            }
        }

        Style();
        return _text.ToString();
    }

    private void Group(string id, string name, IReadOnlyList<TopologyLink> links)
    {
        Line($"    subgraph {id}[\"{Escape(name)}\"]");
        foreach (TopologyLink link in links)
        {
            string node = string.Create(CultureInfo.InvariantCulture, $"n{_ids.Count}");
            _ids[link.Id] = node;
            string mark = PictureText.ClassOf(link.Standing) is { } css ? $":::{css}" : "";
            string label = string.Join("<br/>", new[] { link.Name, Kind(link) }.Concat(link.Facts.Where(IsShown).Select(fact => PictureText.Describe(fact, link.Standing))).Where(part => part.Length > 0).Select(Escape));
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

    private void Connect(string from, string arrow, string to, PictureStanding standing)
    {
        Line($"    {from} {arrow} {to}");
        if (standing != PictureStanding.Present)
        {
            (_marked.TryGetValue(standing, out List<int>? lines) ? lines : _marked[standing] = []).Add(_lines);
        }

        _lines++;
    }

    private void Style()
    {
        if (_topology.HasPlan)
        {
            Line("    classDef added stroke:#1a7f37,stroke-width:2px,stroke-dasharray:5 3,color:#1a7f37");
            Line("    classDef removed stroke:#cf222e,stroke-width:2px,stroke-dasharray:2 3,color:#cf222e");
        }

        foreach (PictureStanding standing in (PictureStanding[])[PictureStanding.Added, PictureStanding.Removed])
        {
            if (_marked.TryGetValue(standing, out List<int>? lines))
            {
                Line($"    linkStyle {string.Join(',', lines)} stroke:{(standing == PictureStanding.Added ? "#1a7f37" : "#cf222e")}");
            }
        }
    }

    private void Line(string line) => _text.Append(line).Append('\n');

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
