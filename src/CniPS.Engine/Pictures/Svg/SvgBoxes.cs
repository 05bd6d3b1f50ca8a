using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures.Svg;

/// <summary>Makes the boxes of a picture; where they stand is for <see cref="SvgLayout"/> to say.</summary>
internal static class SvgBoxes
{
    /// <summary>An interface of the host.</summary>
    /// <param name="link">The interface.</param>
    /// <param name="networks">The networks it belongs to; empty for none.</param>
    internal static SvgBox OfLink(TopologyLink link, string networks)
    {
        SvgBox box = new()
        {
            Css = link.Role switch
            {
                TopologyRole.Uplink => "uplink",
                TopologyRole.Bridge => "bridge",
                TopologyRole.Veth => "veth",
                _ => "link",
            },
            Tooltip = string.Join('\n', PictureText.Describe(link)),
            Standing = link.Standing,
            IsOnPath = link.IsOnPath,
        };
        box.Lines.Add(new SvgLine(PictureText.Fit(link.Name), "name", link.Standing));
        if (networks.Length > 0 && link.Role != TopologyRole.Veth)
        {
            box.Lines.Add(new SvgLine(PictureText.Fit(networks), "network", link.Standing));
        }

        if (link.Role != TopologyRole.Veth)
        {
            box.Lines.Add(new SvgLine(PictureText.Fit(PictureText.KindOf(link)), "dim", link.Standing));
        }

        foreach (TopologyFact address in link.Facts.Where(fact => fact.Kind == TopologyFactKind.Address))
        {
            box.Lines.Add(new SvgLine(address.Text, "address", address.Standing));
        }

        return box.Fit();
    }

    /// <summary>A container with its interfaces.</summary>
    /// <param name="ns">The container's namespace.</param>
    /// <param name="rows">Gets, for each interface, the line it begins at.</param>
    internal static SvgBox OfNamespace(TopologyNamespace ns, Dictionary<string, int> rows)
    {
        if (ns.Hidden > 0)
        {
            return OfHidden(ns, rows);
        }

        bool all(PictureStanding standing) => ns.Links.Count > 0 && ns.Links.All(link => link.Standing == standing);
        List<string> tooltip = [ns.Name, ns.Path];
        SvgBox box = new() { Css = "container", Tooltip = "", Standing = all(PictureStanding.Removed) ? PictureStanding.Removed : PictureStanding.Present };
        box.Lines.Add(new SvgLine(PictureText.Fit(ns.Name), "name", PictureStanding.Present));
        foreach (TopologyLink link in ns.Links)
        {
            rows[link.Id] = box.Lines.Count;
            tooltip.Add("");
            tooltip.AddRange(PictureText.Describe(link));
            AddInterface(box, link);
        }

        if (ns.Links.Count == 0)
        {
            box.Lines.Add(new SvgLine("no interfaces", "dim", PictureStanding.Present));
        }

        return new SvgBox { Css = box.Css, Tooltip = string.Join('\n', tooltip), Standing = box.Standing, IsOnPath = ns.Links.Any(link => link.IsOnPath), Lines = box.Lines }.Fit();
    }

    private static SvgBox OfHidden(TopologyNamespace ns, Dictionary<string, int> rows)
    {
        rows[ns.Links[0].Id] = 0;
        SvgBox box = new() { Css = "more", Tooltip = $"{ns.Name} containers, which are not shown" };
        box.Lines.Add(new SvgLine(ns.Name, "name", PictureStanding.Present));
        if (ns.HiddenPorts > 0)
        {
            box.Lines.Add(new SvgLine(PictureText.HiddenPorts(ns), "dim", PictureStanding.Present));
        }

        return box.Fit();
    }

    /// <summary>A port of the host.</summary>
    internal static SvgBox OfPort(TopologyFact port, string whom) => new SvgBox
    {
        Css = "port",
        Tooltip = $"host port {port.Text} of {whom}" + (port.Standing == PictureStanding.Present ? "" : $" ({PictureText.WordOf(port.Standing)})"),
        Standing = port.Standing,
        Lines = [new SvgLine(PictureText.Fit(port.HostPort!.Contains(':') ? port.HostPort : ":" + port.HostPort), "address", port.Standing)],
    }.Fit();

    // The first address stands beside the name, further ones and ports below.
    private static void AddInterface(SvgBox box, TopologyLink link)
    {
        string name = PictureText.Fit(link.Name, 15) + " ";
        string indent = new('\u00a0', name.Length);
        TopologyFact? masquerade = link.Facts.FirstOrDefault(fact => fact.Kind == TopologyFactKind.Masquerade);
        bool isFirst = true;
        foreach (TopologyFact address in link.Facts.Where(fact => fact.Kind == TopologyFactKind.Address))
        {
            box.Lines.Add(new SvgLine((isFirst ? name : indent) + address.Text, "address", address.Standing) 
            {
                Suffix = isFirst && masquerade is not null ? "masq" : "",
                SuffixStanding = masquerade?.Standing ?? PictureStanding.Present,
            });
            isFirst = false;
        }

        if (isFirst)
        {
            box.Lines.Add(new SvgLine(name + "no address", "dim", link.Standing));
        }

        foreach (TopologyFact port in link.Facts.Where(fact => fact.Kind == TopologyFactKind.Port))
        {
            box.Lines.Add(new SvgLine(indent + port.Text, "forward", port.Standing));
        }
    }
}
