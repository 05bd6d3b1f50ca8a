using System.Collections.Generic;
using System.Linq;
using System.Text;
using CniPS.Pictures.Svg;

namespace CniPS.Pictures.Formats;

/// <summary>
/// Writes a picture as a page for a browser, complete in itself: no scripts, fonts or files of others. What a plan changes comes first, then the
/// picture, then all containers by the bridge they are on, folded, in columns, with a search. It is well-formed XML as well.
/// </summary>
internal sealed class HtmlWriter
{
    private const int Few = 30, Overview = 5;

    private readonly NetworkTopology _topology;
    private readonly TopologyHubs _hubs;
    private readonly StringBuilder _text = new();

    private HtmlWriter(NetworkTopology topology)
    {
        _topology = topology;
        _hubs = new TopologyHubs(topology);
    }

    internal static string Write(NetworkTopology topology, PictureOptions options) => new HtmlWriter(topology).Write(options);

    private string Write(PictureOptions options)
    {
        bool isMuch = _topology.Namespaces.Count > Few;
        string title = Xml.Escape($"Container networks of {_topology.HostName}");
        _text.Append($$"""
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{{title}}</title>
            <style>
            {{HtmlStyle.Css}}
            </style>
            </head>
            <body>
            <h1>{{title}}</h1>
            <p>{{Xml.Escape(Counts(_topology.Namespaces))}}. Rest the pointer on a box or a line of the picture to see more of it.</p>

            """);
        WritePlan();
        PathSection.Write(_text, options.Paths);
        _text.Append(SvgWriter.Write(options.Limit is { } some ? _topology.Fold(some) : isMuch ? _topology.Fold(Overview) : _topology));
        _text.Append("""
            <h2>Containers</h2>
            <input id="find" type="search" placeholder="Search: name, address, port, network" aria-label="Search"/><output id="found" for="find"></output>

            """);
        foreach (IGrouping<string, TopologyNamespace> group in Groups())
        {
            WriteGroup(group.Key, [.. group], !isMuch);
        }

        _text.Append($"<script>\n{HtmlStyle.Script}\n</script>\n</body>\n</html>\n");
        return _text.ToString();
    }

    // A container on two bridges stands at both.
    private IEnumerable<IGrouping<string, TopologyNamespace>> Groups() => _topology.Namespaces
        .SelectMany(ns => ns.Links.Select(GroupOf).DefaultIfEmpty("").Distinct(), (ns, group) => (ns, group))
        .OrderBy(pair => pair.group, NaturalOrder.Instance).GroupBy(pair => pair.group, pair => pair.ns);

    // Pairs without a bridge stand together, by network.
    private string GroupOf(TopologyLink link) =>
        _hubs.HubOf(link) is { } hub && _topology.Links.First(host => host.Id == hub).Role != TopologyRole.Veth ? hub : $"network {link.Network}";

    private void WritePlan()
    {
        List<(string Text, PictureStanding Standing)> changes = [];
        foreach (TopologyLink link in _topology.Links)
        {
            AddChanges(changes, "host", link);
        }

        foreach (TopologyNamespace ns in _topology.Namespaces)
        {
            foreach (TopologyLink link in ns.Links)
            {
                AddChanges(changes, ns.Name, link);
            }
        }

        if (changes.Count > 0)
        {
            _text.Append("<section class=\"plan\"><h2>What the plan changes</h2><ul>\n");
            foreach ((string text, PictureStanding standing) in changes)
            {
                string sign = standing == PictureStanding.Added ? "+" : "−";
                _text.Append($"<li class=\"{PictureText.ClassOf(standing)}\">{sign} {Xml.Escape(text)}</li>\n");
            }

            _text.Append("</ul></section>\n");
        }
    }

    private static void AddChanges(List<(string Text, PictureStanding Standing)> changes, string where, TopologyLink link)
    {
        if (link.Standing != PictureStanding.Present)
        {
            string facts = string.Join(", ", link.Facts.Select(PictureText.Describe));
            changes.Add(($"{where} {link.Name}{(facts.Length > 0 ? "  " : "")}{facts}", link.Standing));
        }
        else
        {
            changes.AddRange(link.Facts.Where(fact => fact.Standing != PictureStanding.Present)
                .Select(fact => ($"{where} {link.Name}  {PictureText.Describe(fact)}", fact.Standing)));
        }
    }

    private void WriteGroup(string group, List<TopologyNamespace> namespaces, bool isOpen)
    {
        TopologyLink? hub = _topology.Links.FirstOrDefault(link => link.Id == group);
        string name = hub is null ? (group is "" or "network " ? "on no network" : group) : _hubs.TextOf(group) is { Length: > 0 } networks ? networks : hub.Name;
        List<string> facts = [];
        if (hub is not null)
        {
            facts.Add($"{hub.Name} ({PictureText.KindOf(hub)})");
            facts.AddRange(hub.Facts.Where(fact => fact.Kind == TopologyFactKind.Address).Select(fact => fact.Text));
        }

        facts.Add(Counts(namespaces));
        bool isChanged = namespaces.Exists(TopologyFold.IsFirst);
        _text.Append($"<details{(isOpen || isChanged ? " open=\"open\"" : "")}><summary><b>{Xml.Escape(name)}</b><span>{Xml.Escape(string.Join(" · ", facts))}</span></summary><div class=\"cards\">\n");
        foreach (TopologyNamespace ns in namespaces.OrderBy(ns => TopologyFold.IsFirst(ns) ? 0 : 1).ThenBy(ns => ns.Name, NaturalOrder.Instance))
        {
            WriteCard(ns);
        }

        _text.Append("</div></details>\n");
    }

    private void WriteCard(TopologyNamespace ns)
    {
        PictureStanding standing = ns.Links.Count == 0 || ns.Links.Any(link => link.Standing != ns.Links[0].Standing) ? PictureStanding.Present : ns.Links[0].Standing;
        string path = ns.Links.Any(link => link.IsOnPath) ? " path" : "";
        _text.Append($"<div class=\"card {PictureText.ClassOf(standing)}{path}\" title=\"{Xml.Escape(ns.Path)}\"><div class=\"name\">{Xml.Escape(ns.Name)}</div>\n");
        foreach (TopologyLink link in ns.Links)
        {
            string network = link.Network is null ? "" : $" ({link.Network})";
            string addresses = string.Join(", ", link.Facts.Where(fact => fact.Kind == TopologyFactKind.Address).Select(fact => PictureText.Describe(fact, link.Standing)));
            string masqueraded = link.Facts.Any(fact => fact.Kind == TopologyFactKind.Masquerade) ? " masq" : "";
            _text.Append($"<div class=\"{PictureText.ClassOf(link.Standing)}\">{Xml.Escape(link.Name)} {Xml.Escape(addresses)}<span class=\"dim\">{masqueraded}{Xml.Escape(network)}</span></div>\n");
            foreach (TopologyFact port in link.Facts.Where(fact => fact.Kind == TopologyFactKind.Port))
            {
                _text.Append($"<div class=\"port {PictureText.ClassOf(port.Standing)}\">{Xml.Escape(port.Text)}</div>\n");
            }
        }

        _text.Append(ns.Links.Count == 0 ? "<div class=\"dim\">no interfaces</div></div>\n" : "</div>\n");
    }

    private static string Counts(IReadOnlyCollection<TopologyNamespace> namespaces)
    {
        int ports = namespaces.Sum(ns => ns.Links.Sum(link => link.Facts.Count(fact => fact.Kind == TopologyFactKind.Port)));
        return string.Join(", ", new[] { PictureText.Count(namespaces.Count, "container"), PictureText.Count(ports, "host port") }.Where(part => part.Length > 0).DefaultIfEmpty("no containers"));
    }
}
