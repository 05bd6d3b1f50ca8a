using CniPS.Spec;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>A port of one address of the host is a part of the same port of all: both backends give it to one container only.</summary>
public sealed class PortOverlapTests
{
    [Theory]
    [InlineData("\"backend\": \"nftables\"", null, HostAddress)]
    [InlineData("\"backend\": \"nftables\"", HostAddress, null)]
    [InlineData("\"backend\": \"nftables\"", null, HostAddress6)]
    [InlineData("\"backend\": \"nftables\"", HostAddress6, null)]
    [InlineData("\"backend\": \"iptables\"", null, HostAddress)]
    [InlineData("\"backend\": \"iptables\"", HostAddress, null)]
    [InlineData("\"backend\": \"iptables\"", null, HostAddress6)]
    [InlineData("\"backend\": \"iptables\"", HostAddress6, null)]
    public void The_second_one_is_refused(string keys, string? first, string? second)
    {
        using PortmapNetwork network = new(keys);
        network.Add("blue", Mapping(81, 80, hostIP: first));
        network.Container("red");
        string before = network.Snapshot();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("red", Mapping(81, 80, hostIP: second)));
        Assert.Equal(CniErrorIds.PortTaken, e.ErrorId);
        Assert.Contains("blue", e.Message);
        Assert.Equal(before, network.Snapshot());
        Assert.Empty(network.Check("blue", Mapping(81, 80, hostIP: first)));
    }

    [Theory]
    [InlineData("\"backend\": \"nftables\"")]
    [InlineData("\"backend\": \"iptables\"")]
    public void What_does_not_overlap_is_given(string keys)
    {
        using PortmapNetwork network = new(keys);
        network.Add("blue", Mapping(81, 80, hostIP: HostAddress));
        network.Add("red", $"{Mapping(81, 80, hostIP: "127.0.0.1")}, {Mapping(81, 80, "udp")}, {Mapping(82, 80)}");
        network.Add("green", Mapping(83, 80, hostIP: HostAddress));
        Assert.Empty(network.Check("blue", Mapping(81, 80, hostIP: HostAddress)));
    }

    // One container may have both.
    [Theory]
    [InlineData("\"backend\": \"nftables\"")]
    [InlineData("\"backend\": \"iptables\"")]
    public void One_container_may_have_both(string keys)
    {
        using PortmapNetwork network = new(keys);
        string both = $"{Mapping(81, 80)}, {Mapping(81, 8080, hostIP: HostAddress)}";
        network.Add("blue", both);
        Assert.Empty(network.Check("blue", both));
    }

    // The address of a container that left without a word is another's now.
    [Fact]
    public void What_a_gone_container_left_under_the_same_address_is_taken_over()
    {
        using PortmapNetwork network = new();
        network.Add("blue", Mapping(81, 80, hostIP: HostAddress));
        network.Sandbox.RunOnHost("sh -c 'for v in $(ls /sys/class/net | grep veth); do ip link del $v; done'");
        System.IO.Directory.Delete(network.Sandbox.DataFolder, recursive: true);
        network.Add("red", Mapping(81, 80));
        Assert.DoesNotContain("blue", network.Ruleset[..network.Ruleset.IndexOf("hairpin", System.StringComparison.Ordinal)]);
    }
}
