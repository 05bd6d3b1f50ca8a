using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using CniPS.Pictures;
using CniPS.Pictures.Formats;
using Xunit;

namespace CniPS.Engine.Tests.Pictures;

public class PictureTests
{
    private const string Hostile = "a\"b<c>&d;#e`f[g]{h}|i\\j*k_l'm";

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Mermaid_has_a_node_for_each_interface_and_a_line_for_each_connection()
    {
        string[] lines = Picture.Write(Drawn.Make(2, 1), PictureFormat.Mermaid).TrimEnd('\n').Split('\n');
        Assert.Equal(
            [
                "flowchart LR",
                "    outside([\"outside\"])",
                "    subgraph host[\"node7\"]",
                "        n1[\"eth0<br/>uplink<br/>192.168.1.5/24\"]",
                "        n2[[\"cni0<br/>bridge<br/>10.0.0.1/16\"]]",
                "        n3[\"veth00000000\"]",
                "        n4[\"veth00000001\"]",
                "    end",
                "    subgraph ns1[\"c0\"]",
                "        n5[\"eth0<br/>10.0.0.2/16<br/>masqueraded\"]",
                "    end",
                "    subgraph ns2[\"c1\"]",
                "        n6[\"eth0<br/>10.0.0.3/16<br/>masqueraded\"]",
                "    end",
                "    outside --- n1",
                "    n2 -. masquerade .-> n1",
                "    n2 --- n3",
                "    n3 --- n5",
                "    n2 --- n4",
                "    n4 --- n6",
                "    outside -. \"8000/tcp → 80\" .-> n5",
            ],
            lines);
    }

    [Fact]
    public void What_a_plan_adds_and_removes_is_marked_in_each_format()
    {
        NetworkTopology small = Drawn.Make(1, 1), large = Drawn.Make(2, 1);
        string added = Picture.Write(small.With(large), PictureFormat.Mermaid);
        Assert.Contains("n4[\"veth00000001\"]:::added", added, StringComparison.Ordinal);
        Assert.Contains("n3[\"veth00000000\"]\n", added, StringComparison.Ordinal);
        Assert.Contains("    classDef added ", added, StringComparison.Ordinal);
        Assert.Single(added.Split('\n'), line => line.StartsWith("    linkStyle ", StringComparison.Ordinal) && line.EndsWith("stroke:#1a7f37", StringComparison.Ordinal));
        string removed = Picture.Write(large.With(small), PictureFormat.Mermaid);
        Assert.Contains("n4[\"veth00000001\"]:::removed", removed, StringComparison.Ordinal);
        Assert.DoesNotContain(":::added", removed, StringComparison.Ordinal);

        Assert.Contains("\"veth00000001\", tooltip=\"veth00000001 (planned)", Picture.Write(small.With(large), PictureFormat.Dot), StringComparison.Ordinal);
        XElement svg = XElement.Parse(Picture.Write(small.With(large), PictureFormat.Svg));
        Assert.Equal(["box veth added"], Classes(svg, "g").Where(css => css.EndsWith(" added", StringComparison.Ordinal)));
        Assert.Equal(2, Classes(svg, "path").Count(css => css.EndsWith(" added", StringComparison.Ordinal)));
        Assert.DoesNotContain("added", Picture.Write(small, PictureFormat.Mermaid), StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_end_of_a_pair_goes_with_it()
    {
        NetworkTopology before = Drawn.Make(1, 1);
        NetworkTopology after = before with
        {
            Links = [.. before.Links.Where(link => link.Role != TopologyRole.Veth)],
            Connections = [.. before.Connections.Where(line => !line.From.Contains("veth", StringComparison.Ordinal) && !line.To.Contains("veth", StringComparison.Ordinal))],
        };
        TopologyLink inner = Assert.Single(before.With(after).Namespaces[0].Links);
        Assert.Equal(PictureStanding.Removed, inner.Standing);
        Assert.All(inner.Facts, fact => Assert.Equal(PictureStanding.Removed, fact.Standing));
    }

    [Theory]
    [InlineData(PictureFormat.Mermaid)]
    [InlineData(PictureFormat.Dot)]
    [InlineData(PictureFormat.Svg)]
    [InlineData(PictureFormat.Html)]
    public void The_same_makes_the_same_picture(PictureFormat format) =>
        Assert.Equal(Picture.Write(Drawn.Make(5, 2), format), Picture.Write(Drawn.Make(5, 2), format));

    [Theory]
    [InlineData(0, 1, "c")]
    [InlineData(1, 1, "c")]
    [InlineData(5, 2, "c")]
    [InlineData(40, 1, "c")]
    [InlineData(3, 2, Hostile)]
    [InlineData(3, 1, "コンテナの名前はとても長いので箱に収まらないかもしれません")]
    [InlineData(3, 1, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void Svg_and_html_are_XML_in_which_no_box_covers_another_and_no_text_leaves_its_box(int containers, int bridges, string prefix)
    {
        NetworkTopology topology = Drawn.Make(containers, bridges, prefix);
        string html = Picture.Write(topology, PictureFormat.Html);
        XDocument page = XDocument.Parse(html);
        Assert.Single(page.Descendants(s_svg + "svg"));
        Assert.Equal(containers <= 30, html.Contains(Picture.Write(topology, PictureFormat.Svg), StringComparison.Ordinal));
        XElement svg = XElement.Parse(Picture.Write(topology, PictureFormat.Svg));
        Assert.Empty(page.Descendants().Attributes("src"));
        Assert.Empty(page.Descendants().Attributes("href"));

        XElement[] boxes = [.. svg.Elements(s_svg + "g").Where(group => group.Attribute("class")!.Value is not ("box host" or "box outside" or "legend"))];
        Assert.Equal(1 + bridges + (2 * containers) + ((containers + 2) / 3), boxes.Length);
        (int Left, int Top, int Right, int Bottom)[] places = [.. boxes.Select(Place)];
        for (int i = 0; i < places.Length; i++)
        {
            Assert.False(string.IsNullOrEmpty(boxes[i].Element(s_svg + "title")!.Value));
            Assert.InRange(places[i].Right, places[i].Left, int.Parse(svg.Attribute("viewBox")!.Value.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture));
            Assert.InRange(places[i].Bottom, places[i].Top, int.Parse(svg.Attribute("viewBox")!.Value.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture));
            foreach (XElement text in boxes[i].Elements(s_svg + "text"))
            {
                int end = (int)text.Attribute("x")! + (int)(PictureText.WidthOf(text.Value) * 7.25); // DejaVu Sans Mono: 0.602 of 12 pixels
                Assert.True(end <= places[i].Right, text.Value);
                Assert.InRange((int)text.Attribute("y")!, places[i].Top + 9, places[i].Bottom - 3);
            }

            for (int j = 0; j < i; j++)
            {
                bool apart = places[i].Left >= places[j].Right || places[j].Left >= places[i].Right
                    || places[i].Top >= places[j].Bottom || places[j].Top >= places[i].Bottom;
                Assert.True(apart, $"{boxes[i]}\n{boxes[j]}");
            }
        }
    }

    [Fact]
    public void Each_end_stands_beside_its_bridge_though_its_container_stands_beside_another()
    {
        NetworkTopology topology = Drawn.Make(4, 2);
        TopologyLink second = Drawn.Link("c0/eth1", TopologyRole.Interface, "veth", Drawn.Address("10.1.0.99/16"));
        topology = topology with
        {
            Links = [.. topology.Links, Drawn.Link("host/vethsecond", TopologyRole.Veth, "veth")],
            Namespaces = [topology.Namespaces[0] with { Links = [topology.Namespaces[0].Links[0], second] }, .. topology.Namespaces.Skip(1)],
            Connections =
            [
                .. topology.Connections,
                new("host/cni1", "host/vethsecond", TopologyConnectionKind.Port), new("host/vethsecond", second.Id, TopologyConnectionKind.Pair),
            ],
        };
        XElement svg = XElement.Parse(Picture.Write(topology, PictureFormat.Svg));
        Dictionary<string, (int Left, int Top, int Right, int Bottom)> places = svg.Elements(s_svg + "g")
            .Where(group => group.Attribute("class")!.Value != "legend").ToDictionary(group => group.Elements(s_svg + "text").First().Value, Place);
        foreach ((string bridge, string veth) in ((string, string)[])
            [("cni0", "veth00000000"), ("cni0", "veth00000002"), ("cni1", "veth00000001"), ("cni1", "vethsecond"), ("cni1", "veth00000003")])
        {
            Assert.InRange(places[veth].Top, places[bridge].Top, places[bridge].Bottom);
            Assert.InRange(places[veth].Bottom, places[bridge].Top, places[bridge].Bottom);
        }

        Assert.Equal(5, places.Where(place => place.Key.StartsWith("veth", StringComparison.Ordinal)).Select(place => place.Value.Top).Distinct().Count());
        Assert.Single(svg.Elements(s_svg + "path"), path => path.Attribute("d")!.Value.Contains('C', StringComparison.Ordinal));
    }

    [Fact]
    public void Names_are_shown_as_they_are()
    {
        XElement svg = XElement.Parse(Picture.Write(Drawn.Make(1, 1, Hostile), PictureFormat.Svg));
        Assert.Contains(svg.Descendants(s_svg + "text"), text => text.Value == Hostile + "0");
        Assert.Equal("a�b�", XElement.Parse($"<x>{Xml.Escape("a\u0001b\ud800")}</x>").Value);
        string mermaid = Picture.Write(Drawn.Make(1, 1, Hostile), PictureFormat.Mermaid);
        Assert.Contains("ns1[\"a#34;b#60;c#62;#38;d#59;#35;e#96;f#91;g#93;#123;h#125;#124;i#92;j#42;k#95;l'm0\"]", mermaid, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "c")]
    [InlineData(40, 2, "c")]
    [InlineData(2, 1, Hostile)]
    public async Task Graphviz_takes_it(int containers, int bridges, string prefix)
    {
        const string Dot = "/usr/bin/dot";
        Assert.SkipUnless(File.Exists(Dot), "needs Graphviz (Debian package graphviz)");
        NetworkTopology topology = Drawn.Make(0, bridges, prefix).With(Drawn.Make(containers, bridges, prefix));
        using Process process = Process.Start(new ProcessStartInfo(Dot, ["-Tsvg"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(Picture.Write(topology, PictureFormat.Dot));
        process.StandardInput.Close();
        string svg = await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        string[] texts = [.. XDocument.Parse(svg.Replace("<!DOCTYPE", "<!--", StringComparison.Ordinal).Replace(".dtd\">", ".dtd-->", StringComparison.Ordinal))
            .Descendants(s_svg + "text").Select(text => text.Value)];
        Assert.All(topology.Namespaces, ns => Assert.Contains(ns.Name, texts));
    }

    [Fact]
    public void A_browser_shows_the_page()
    {
        const string Browser = "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(Browser), "needs Chromium (Debian package chromium)");
        string folder = Directory.CreateTempSubdirectory("cnips-picture-").FullName;
        try
        {
            string page = Path.Combine(folder, "page.html"), picture = Path.Combine(folder, "page.png");
            File.WriteAllText(page, Picture.Write(Drawn.Make(5, 2), PictureFormat.Html));
            using Process process = Process.Start(new ProcessStartInfo(
                "timeout",
                [
                    "120", Browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", $"--user-data-dir={folder}/profile", "--window-size=1100,700", $"--screenshot={picture}", page,
                ])
            {
                RedirectStandardError = true,
            })!;
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(File.Exists(picture), said);
            Assert.InRange(new FileInfo(picture).Length, 20_000, 1_000_000); // a blank page has 4 kB
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_ending_of_a_file_says_its_format()
    {
        Assert.Equal(PictureFormat.Svg, Picture.FormatOf("a/b.SVG"));
        Assert.Equal(PictureFormat.Mermaid, Picture.FormatOf("x.mmd"));
        Assert.Equal(PictureFormat.Dot, Picture.FormatOf("x.gv"));
        Assert.Equal(PictureFormat.Html, Picture.FormatOf("x.htm"));
        Assert.Null(Picture.FormatOf("x.png"));
    }

    [Fact]
    public void Numbers_in_names_count_by_their_value()
    {
        string[] names = ["c10", "c2", "c02", "b", "c", "c2a"];
        Array.Sort(names, NaturalOrder.Instance);
        Assert.Equal(["b", "c", "c02", "c2", "c2a", "c10"], names);
    }

    private static string[] Classes(XElement svg, string element) =>
        [.. svg.Elements(s_svg + element).Where(found => found.Element(s_svg + "title") is not null).Select(found => found.Attribute("class")!.Value)];

    private static (int Left, int Top, int Right, int Bottom) Place(XElement group)
    {
        XElement rect = group.Element(s_svg + "rect")!;
        int x = (int)rect.Attribute("x")!, y = (int)rect.Attribute("y")!;
        return (x, y, x + (int)rect.Attribute("width")!, y + (int)rect.Attribute("height")!);
    }
}
