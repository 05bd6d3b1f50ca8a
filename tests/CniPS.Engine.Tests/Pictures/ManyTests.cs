using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using CniPS.Pictures;
using CniPS.Pictures.Formats;
using Xunit;

namespace CniPS.Engine.Tests.Pictures;

/// <summary>Pictures of many containers: folded, named, and as wide as a window.</summary>
public class ManyTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(3, 1)]
    [InlineData(30, 3)]
    [InlineData(300, 3)]
    [InlineData(300, 1)]
    public void No_box_covers_another_and_the_picture_fits_a_window(int containers, int bridges)
    {
        XElement svg = XElement.Parse(Picture.Write(Named(containers, bridges), PictureFormat.Svg, new PictureOptions { Limit = 20 }));
        Assert.InRange((int)svg.Attribute("width")!, 1, 1232);
        (int X, int Y, int Right, int Bottom, string Text)[] boxes = [.. svg.Descendants(s_svg + "g")
            .Where(group => group.Attribute("class")!.Value is not ("box host" or "box outside" or "legend")).Select(Place)];
        for (int i = 0; i < boxes.Length; i++)
        {
            Assert.True(boxes[i].Right <= int.Parse(svg.Attribute("viewBox")!.Value.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture), boxes[i].Text);
            for (int j = 0; j < i; j++)
            {
                bool apart = boxes[i].X >= boxes[j].Right || boxes[j].X >= boxes[i].Right || boxes[i].Y >= boxes[j].Bottom || boxes[j].Y >= boxes[i].Bottom;
                Assert.True(apart, $"{boxes[i]} {boxes[j]}");
            }
        }

        string[] more = [.. svg.Descendants(s_svg + "text").Select(text => text.Value).Where(text => text.EndsWith(" more", StringComparison.Ordinal))];
        int each = containers / bridges;
        Assert.Equal(each > 20 ? Enumerable.Repeat($"{each - 20} more", bridges) : [], more);
        Assert.Contains(svg.Descendants(s_svg + "text"), text => text.Value == "net0" && text.Attribute("class")!.Value == "network");
    }

    [Fact]
    public void What_a_plan_changes_comes_first_and_is_never_folded()
    {
        NetworkTopology planned = Named(300, 1).With(Named(303, 1));
        NetworkTopology folded = planned.Fold(5);
        Assert.Equal(["c0", "c1", "c300", "c301", "c302", "298 more"], folded.Namespaces.Select(ns => ns.Name));
        Assert.Equal(298, folded.Namespaces[^1].Hidden);
        Assert.Equal(99, folded.Namespaces[^1].HiddenPorts);
        string[] names = [.. XElement.Parse(Picture.Write(planned, PictureFormat.Svg, new PictureOptions { Limit = 5 })).Elements(s_svg + "g")
            .Where(group => group.Attribute("class")!.Value.StartsWith("box container", StringComparison.Ordinal)).OrderBy(group => Place(group).Y).Select(group => Place(group).Text)];
        Assert.Equal(["c300", "c301", "c302", "c0", "c1"], names);
        string html = Picture.Write(planned, PictureFormat.Html);
        Assert.InRange(html.IndexOf("What the plan changes", StringComparison.Ordinal), 1, html.IndexOf("<svg", StringComparison.Ordinal));
        Assert.Contains("<li class=\"added\">+ c302 eth0  10.0.1.48/16", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_format_says_how_many_more_and_names_the_network()
    {
        NetworkTopology many = Named(300, 1);
        PictureOptions some = new() { Limit = 30 };
        Assert.Contains("([\"270 more, 90 host ports\"])", Picture.Write(many, PictureFormat.Mermaid, some), StringComparison.Ordinal);
        Assert.Contains("[[\"cni0<br/>net0<br/>bridge", Picture.Write(many, PictureFormat.Mermaid, some), StringComparison.Ordinal);
        Assert.Contains("[label=\"270 more, 90 host ports\"", Picture.Write(many, PictureFormat.Dot, some), StringComparison.Ordinal);
        Assert.Contains("[label=\"cni0\\nnet0\\n", Picture.Write(many, PictureFormat.Dot, some), StringComparison.Ordinal);
        Assert.Same(many, many.Fold(300));
    }

    [Fact]
    public void A_path_is_marked_from_end_to_end()
    {
        NetworkTopology marked = Named(40, 1).Highlight([new TopologyHop("c39", "eth0"), new TopologyHop(null, "cni0"), new TopologyHop(null, "eth0"), new TopologyHop(NetworkTopology.Outside, "")]);
        Assert.Equal(["host/eth0", "host/cni0", "host/veth00000027", "c39/eth0"], marked.AllLinks.Where(link => link.IsOnPath).Select(link => link.Id));
        Assert.Equal(4, marked.Connections.Count(line => line.IsOnPath));
        NetworkTopology byItsEnds = Named(40, 1).Highlight([new TopologyHop("c39", "eth0"), new TopologyHop(NetworkTopology.Outside, "")]);
        Assert.Equal(["c39/eth0"], byItsEnds.AllLinks.Where(link => link.IsOnPath).Select(link => link.Id)); // how it leaves the host is for the caller to say
        byItsEnds = Named(40, 1).Highlight([new TopologyHop("c39", "eth0"), new TopologyHop("", "eth0"), new TopologyHop(NetworkTopology.Outside, "")]);
        Assert.Equal(marked.AllLinks.Where(link => link.IsOnPath), byItsEnds.AllLinks.Where(link => link.IsOnPath), (a, b) => a.Id == b.Id);
        Assert.Equal(4, byItsEnds.Connections.Count(line => line.IsOnPath));
        Assert.Single(Named(4, 2).Highlight([new TopologyHop(null, "cni0"), new TopologyHop(null, "cni1")]).Connections.Select(line => line.IsOnPath).Distinct());
        Assert.Contains(marked.Fold(5).Namespaces, ns => ns.Name == "c39");
        XElement svg = XElement.Parse(Picture.Write(marked, PictureFormat.Svg, new PictureOptions { Limit = 5 }));
        Assert.Equal(4, svg.Elements(s_svg + "path").Count(path => path.Attribute("class")!.Value.EndsWith(" path", StringComparison.Ordinal)));
        Assert.Contains(":::path", Picture.Write(marked, PictureFormat.Mermaid), StringComparison.Ordinal);
        Assert.DoesNotContain("path", Picture.Write(Named(3, 1), PictureFormat.Mermaid), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_counts_what_is_below_its_last_level()
    {
        string[] tree = [.. TopologyTree.Draw(Named(300, 2).Fold(0), 1).Select(line => line.ToString())];
        Assert.Equal(["node7  host", "├─ eth0  uplink  192.168.1.5/24", "├─ cni0  bridge  (net0)  10.0.0.1/16  150 containers, 50 host ports", "└─ cni1  bridge  (net1)  10.1.0.1/16  150 containers, 50 host ports"], tree);
        Assert.Equal(1 + 3 + 300, TopologyTree.Draw(Named(300, 2), 2).Count);
        Assert.Equal(TopologyTree.Draw(Named(4, 2)).Count, TopologyTree.Draw(Named(4, 2), 9).Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(300)]
    public void A_page_in_a_browser_has_nothing_over_another_and_nothing_beside_the_window(int containers)
    {
        const string Browser = "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(Browser), "needs Chromium (Debian package chromium)");
        const string Measure = """
            <script>
            document.querySelectorAll('details').forEach(function(d){d.open=true});
            var all=Array.from(document.querySelectorAll('.card')).map(function(c){return c.getBoundingClientRect()}),over=0;
            all.forEach(function(a,i){all.slice(0,i).forEach(function(b){over+=Number(Math.min(a.right,b.right)>Math.max(a.left,b.left)+1)*Number(Math.min(a.bottom,b.bottom)>Math.max(a.top,b.top)+1)})});
            var box=document.getElementById('find');box.value='c2 net0';box.dispatchEvent(new Event('input'));
            document.title='cards '+all.length+' over '+over+' wide '+document.documentElement.scrollWidth+' found '+document.getElementById('found').textContent;
            </script></body>
            """;
        string folder = Directory.CreateTempSubdirectory("cnips-picture-").FullName;
        try
        {
            string page = Path.Combine(folder, "page.html");
            File.WriteAllText(page, Picture.Write(Named(containers, 1), PictureFormat.Html).Replace("</body>", Measure, StringComparison.Ordinal));
            using Process process = Process.Start(new ProcessStartInfo(
                "timeout",
                ["120", Browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", $"--user-data-dir={folder}/profile", "--window-size=1280,900", "--dump-dom", page])
            {
                RedirectStandardOutput = true,
            })!;
            string dom = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            int start = dom.IndexOf("<title>", StringComparison.Ordinal) + 7;
            string[] title = dom[start..dom.IndexOf("</title>", StringComparison.Ordinal)].Split(' ');
            Assert.Equal(["cards", $"{containers}", "over", "0", "wide"], title[..5]);
            Assert.InRange(int.Parse(title[5], System.Globalization.CultureInfo.InvariantCulture), 1000, 1280);
            Assert.Equal(Enumerable.Range(0, containers).Count(i => $"c{i}".Contains("c2", StringComparison.Ordinal)), int.Parse(title[7], System.Globalization.CultureInfo.InvariantCulture));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NetworkTopology Named(int containers, int bridges)
    {
        NetworkTopology drawn = Drawn.Make(containers, bridges);
        return drawn with { Namespaces = [.. drawn.Namespaces.Select((ns, i) => ns with { Links = [.. ns.Links.Select(link => link with { Network = $"net{i % bridges}", ContainerId = ns.Name })] })] };
    }

    private static (int X, int Y, int Right, int Bottom, string Text) Place(XElement group)
    {
        XElement rect = group.Element(s_svg + "rect")!;
        int x = (int)rect.Attribute("x")!, y = (int)rect.Attribute("y")!;
        return (x, y, x + (int)rect.Attribute("width")!, y + (int)rect.Attribute("height")!, group.Element(s_svg + "text")?.Value ?? "");
    }
}
