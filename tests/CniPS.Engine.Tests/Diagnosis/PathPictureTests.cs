using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CniPS.Diagnosis;
using CniPS.Linux.Host;
using CniPS.Pictures;
using CniPS.Pictures.Formats;
using Xunit;

namespace CniPS.Engine.Tests.Diagnosis;

/// <summary>A way that was followed is marked in the picture of the machine, and told on its page.</summary>
public sealed class PathPictureTests : IDisposable
{
    private static readonly XNamespace s_html = "http://www.w3.org/1999/xhtml";

    private readonly FaultNetwork _network = new();

    public void Dispose() => _network.Dispose();

    private NetworkTopology Picture(IReadOnlyList<PathReport> reports)
    {
        IHost host = _network.Network.Sandbox.Host;
        return TopologyReader.Read(host, _network.Network.Runtime.Cache.List()).Highlight(reports);
    }

    [Fact]
    public void What_a_packet_passes_is_marked_and_nothing_else()
    {
        NetworkTopology marked = Picture(_network.Follow("blue", "192.0.2.9"));
        Assert.Equal(["cni_bridge0", "up0", _network.EndOf("blue")], marked.Links.Where(link => link.IsOnPath).Select(link => link.Name).Order(StringComparer.Ordinal));
        Assert.Equal([_network.Network.Container("blue"), _network.Outside], marked.Namespaces.Where(ns => ns.Links.Any(link => link.IsOnPath)).Select(ns => ns.Name).Order(StringComparer.Ordinal));
        Assert.Contains(marked.Connections, line => line.IsOnPath);
        Assert.Contains("path", CniPS.Pictures.Formats.Picture.Write(marked, PictureFormat.Svg), StringComparison.Ordinal);
    }

    [Fact]
    public void A_way_is_marked_as_far_as_the_packet_comes_and_the_page_says_why_no_farther()
    {
        _network.Shell("ip netns exec @host sysctl -qw net.ipv4.ip_forward=0");
        IReadOnlyList<PathReport> reports = _network.Follow("blue", "192.0.2.9");
        NetworkTopology marked = Picture(reports);
        Assert.DoesNotContain(marked.Links, link => link is { Name: "up0", IsOnPath: true });
        Assert.Contains(marked.Links, link => link is { Name: "cni_bridge0", IsOnPath: true });

        XElement body = XDocument.Parse(CniPS.Pictures.Formats.Picture.Write(marked, PictureFormat.Html, new PictureOptions { Paths = reports })).Root!.Element(s_html + "body")!;
        XElement way = body.Elements(s_html + "section").Single(section => section.Attribute("class")?.Value == "way");
        Assert.Equal("A packet from blue to 192.0.2.9 does not arrive", way.Element(s_html + "h2")!.Value);
        Assert.Contains("host forwards no IPv4 packets", way.Element(s_html + "p")!.Value, StringComparison.Ordinal);
        Assert.Contains("sysctl", way.Descendants(s_html + "code").Single().Value, StringComparison.Ordinal);
        Assert.Equal(reports[0].Hops.Count, way.Descendants(s_html + "tbody").Single().Elements().Count());
        Assert.Equal("dropped", way.Descendants(s_html + "tbody").Single().Elements().Last().Attribute("class")!.Value);
    }
}
