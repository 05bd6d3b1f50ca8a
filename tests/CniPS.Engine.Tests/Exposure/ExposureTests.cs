using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using CniPS.Engine.Tests.Diagnosis;
using CniPS.Exposure;
using CniPS.Spec;
using Xunit;

namespace CniPS.Engine.Tests.Exposure;

/// <summary>What is open on a machine with two networks is found, and what is closed is no longer.</summary>
public sealed class ExposureTests : IDisposable
{
    private readonly FaultNetwork _network = new();

    public ExposureTests()
    {
        NetworkConfigurationList list = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes($$"""
            {"cniVersion": "1.0.0", "name": "other", "plugins": [{"type": "bridge", "bridge": "cni_other0", "isDefaultGateway": true, "macspoofchk": true,
             "ipam": {"type": "host-local", "dataDir": "{{_network.Network.Sandbox.DataFolder}}", "subnet": "10.15.30.0/24"} } ]}
            """));
        _network.Network.Runtime.Add(list, _network.Network.Attachment("green"));
    }

    public void Dispose() => _network.Dispose();

    private List<ExposureFinding> Look(params ExposureKind[] kinds) =>
        [.. ExposureSurvey.Look(_network.Network.Sandbox.Host, _network.Network.Runtime.Cache.List(), kinds.Length > 0 ? kinds : Enum.GetValues<ExposureKind>(), static _ => { })];

    [Fact]
    public void A_published_port_says_by_which_address_others_come()
    {
        List<ExposureFinding> found = Look(ExposureKind.Port);
        ExposureFinding port = found.First(finding => finding.To == "red 10.15.20.3:80");
        Assert.Equal(("outside", "8080/tcp", true), (port.From, port.HostPort, port.IsOpen!.Value));
        Assert.Equal("on 192.0.2.1 (up0)", port.Reason);
        Assert.Equal("publish it on one address: -PortMapping 192.0.2.1:8080:80", port.Advice);

        _network.Shell("ip netns exec @host nft flush map inet cnips ports4");
        port = Look(ExposureKind.Port).First(finding => finding.To == "red 10.15.20.3:80");
        Assert.Equal((false, null), (port.IsOpen!.Value, port.Advice));
    }

    [Fact]
    public void A_container_that_others_reach_by_its_own_address_is_named_until_a_rule_keeps_them_away()
    {
        ExposureFinding blue = Lan();
        Assert.True(blue.IsOpen, blue.Reason);
        Assert.Equal("by up0, for whoever on 192.0.2.0/24 sends to 10.15.20.2 by 192.0.2.1", blue.Reason);
        _network.Shell("ip -n @outside route add 10.15.20.0/24 via 192.0.2.1");
        Assert.True(_network.Pings("outside", "10.15.20.2"));

        _network.Shell("ip netns exec @host nft 'add table inet f; add chain inet f c { type filter hook forward priority 5; }; add rule inet f c iifname up0 ct state new drop'");
        blue = Lan();
        Assert.False(blue.IsOpen);
        Assert.Contains("f c", blue.Reason, StringComparison.Ordinal);
        Assert.False(_network.Pings("outside", "10.15.20.2"));

        ExposureFinding Lan() => Look(ExposureKind.Lan).Single(finding => finding.ContainerId == "blue");
    }

    [Fact]
    public void A_way_out_says_under_which_address()
    {
        Assert.Equal("by up0, as 192.0.2.1", Out("mybridge").Reason);
        Assert.Equal("by up0, under its own address, 10.15.30.2", Out("other").Reason);
        _network.Shell("ip netns exec @host sysctl -qw net.ipv4.ip_forward=0");
        Assert.False(Out("other").IsOpen);

        ExposureFinding Out(string network) => Assert.Single(Look(ExposureKind.Outbound), finding => finding.From == network);
    }

    [Fact]
    public void Networks_among_each_other_are_a_matrix()
    {
        Assert.Equal(
            ["host>mybridge True", "host>other True", "mybridge>host True", "mybridge>mybridge True", "mybridge>other True", "other>host True", "other>mybridge True"],
            Matrix());
        Assert.True(_network.Pings("blue", "10.15.30.2"));
        _network.Shell("ip netns exec @host nft 'add table inet f; add chain inet f c { type filter hook forward priority 5; }; add rule inet f c iifname cni_bridge0 oifname cni_other0 ct state new drop'");
        Assert.Equal(
            ["host>mybridge True", "host>other True", "mybridge>host True", "mybridge>mybridge True", "mybridge>other False", "other>host True", "other>mybridge True"],
            Matrix());
        Assert.False(_network.Pings("blue", "10.15.30.2"));
        Assert.True(_network.Pings("green", "10.15.20.2"));

        IEnumerable<string> Matrix() => Look(ExposureKind.Isolation).Select(finding => $"{finding.From}>{finding.To} {finding.IsOpen}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Who_differs_from_the_others_of_his_network_is_told_apart()
    {
        _network.Shell("ip netns exec @host nft 'add table inet f; add chain inet f c { type filter hook forward priority 5; }; add rule inet f c ip saddr 10.15.20.3 oifname cni_other0 drop; add rule inet f c ip saddr 10.15.20.3 oifname up0 drop'");
        List<ExposureFinding> found = [.. Look(ExposureKind.Isolation).Where(finding => finding is { From: "mybridge", To: "other" })];
        Assert.Equal([(true, "blue"), (false, "red")], found.Select(finding => (finding.IsOpen!.Value, finding.ContainerId!)));
        Assert.StartsWith("red: inet f c", found[1].Reason, StringComparison.Ordinal);
        Assert.Equal([(true, "blue"), (false, "red")], Look(ExposureKind.Outbound).Where(finding => finding.From == "mybridge").Select(finding => (finding.IsOpen!.Value, finding.ContainerId!)));
        Assert.Null(Assert.Single(Look(ExposureKind.Isolation), finding => finding is { From: "mybridge", To: "host" }).ContainerId);
        Assert.Contains("open (blue)<br/>closed (red)", ExposureReport.Write("node", DateTimeOffset.UnixEpoch, found).Replace(" />", "/>", StringComparison.Ordinal), StringComparison.Ordinal);

        // And who is reached by none, while the others are.
        _network.Shell("ip netns exec @host nft 'flush chain inet f c; add rule inet f c iifname cni_other0 ip daddr 10.15.20.3 drop'");
        found = [.. Look(ExposureKind.Isolation).Where(finding => finding is { From: "other", To: "mybridge" })];
        Assert.Equal([(true, "green"), (false, "red")], found.Select(finding => (finding.IsOpen!.Value, finding.ContainerId!)));
    }

    [Fact]
    public void What_lets_one_pass_for_another_is_told()
    {
        _network.Shell("ip netns exec @blue sysctl -qw net.ipv6.conf.eth0.accept_ra=1; ip netns exec @red sysctl -qw net.ipv6.conf.eth0.accept_ra=0; ip netns exec @host sysctl -qw net.ipv4.conf.up0.route_localnet=1");
        List<ExposureFinding> found = Look(ExposureKind.Spoofing);
        Assert.True(found.Single(finding => finding is { From: "mybridge", To: "bridge" }).IsOpen);
        Assert.False(found.Single(finding => finding is { From: "other", To: "bridge" }).IsOpen);
        Assert.Contains("accept_ra", found.Single(finding => finding.To == "blue").Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(found, finding => finding.To == "red");
        Assert.Contains("up0", found.Single(finding => finding.To == "host").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type": "macvlan", "master": "eth0"}""", "under any IP address", "eth0 (macvlan)")]
    [InlineData("""{"type": "macvlan", "mode": "passthru"}""", "passthru", "macvlan")]
    [InlineData("""{"type": "ipvlan", "master": "eth1"}""", "under any IP address", "eth1 (ipvlan)")]
    [InlineData("""{"type": "host-device", "device": "eth2"}""", "under any address", "eth2 (host-device)")]
    [InlineData("""{"type": "bridge", "macspoofchk": false}""", "macspoofchk is off", null)]
    [InlineData("""{"type": "bridge", "macspoofchk": true, "promiscMode": true}""", "promiscMode", null)]
    [InlineData("""{"type": "ptp"}""", null, null)]
    public void A_network_s_text_says_what_it_allows(string plugin, string? reason, string? master)
    {
        NetworkConfigurationList list = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes($$"""{"cniVersion": "1.0.0", "name": "n", "plugins": [{{plugin}}]}"""));
        List<ExposureFinding> open = [.. SpoofingRules.Of(list).Where(finding => finding.IsOpen == true)];
        Assert.Equal(reason is null ? 0 : 1, open.Count);
        Assert.All(open, finding => Assert.Contains(reason!, finding.Reason, StringComparison.Ordinal));
        Assert.All(open, finding => Assert.NotNull(finding.Advice));
        Assert.Equal(master, SpoofingRules.MasterOf(list));
    }

    [Fact]
    public void The_page_is_one_file_and_has_everything()
    {
        List<ExposureFinding> found = Look();
        string page = ExposureReport.Write("node<1>", new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero), found);
        XNamespace html = "http://www.w3.org/1999/xhtml";
        XElement body = XDocument.Parse(page).Root!.Element(html + "body")!;
        Assert.Equal("What is open on node<1>", body.Element(html + "h1")!.Value);
        Assert.Equal(5, body.Elements(html + "h2").Count());
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        XElement matrix = body.Elements(html + "table").Single(table => table.Attribute("class")?.Value == "matrix");
        Assert.Equal(found.Count(finding => finding.Kind == ExposureKind.Isolation), matrix.Descendants(html + "td").Count(cell => cell.Value.Length > 0));
        Assert.All(found.Where(finding => finding.Kind != ExposureKind.Isolation), finding => Assert.Contains(finding.Reason, body.Value, StringComparison.Ordinal));
        Assert.Equal(5, XDocument.Parse(ExposureReport.Write("empty", DateTimeOffset.UnixEpoch, [])).Descendants(html + "p").Count(text => text.Value == "None."));
    }
}
