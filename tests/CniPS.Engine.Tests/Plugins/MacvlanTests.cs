using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native macvlan on a real kernel.</summary>
public sealed class MacvlanTests : IDisposable
{
    private const string Plain = """{"type": "macvlan", "master": "m0", @IPAM@}""";

    private readonly TestNetwork _network = MasterNetwork.Create();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void AnAttachmentComesAndGoes(string version)
    {
        _network.Use(Plain, version, "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
        CniResult result = _network.Add("blue");
        Assert.Equal(version, result.CniVersion);
        string link = _network.In("blue", "ip -d link show eth0");
        Assert.Contains("macvlan mode bridge bcqueuelen 1000", link);
        Assert.Contains("mtu 1400", link);
        Assert.Contains("inet 10.15.20.2/24 brd 10.15.20.255 scope global eth0", _network.In("blue", "ip addr show eth0"));
        Assert.Contains("default via 10.15.20.1 dev eth0", _network.In("blue", "ip route"));
        Assert.Equal("1\n", _network.In("blue", "cat /proc/sys/net/ipv4/conf/eth0/arp_notify"));
        if (version is not ("0.1.0" or "0.3.1"))
        {
            Assert.Empty(_network.Check("blue"));
        }

        _network.Delete("blue");
        _network.Delete("blue");
        Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
        Assert.False(File.Exists(Path.Combine(_network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
    }

    [Fact]
    public void TheResultNamesTheInterface()
    {
        _network.Use(Plain);
        CniInterface only = Assert.Single(_network.Add("blue").Interfaces);
        Assert.Equal("eth0", only.Name);
        Assert.Equal(_network.Attachment("blue").NetNS, only.Sandbox);
        using JsonDocument link = JsonDocument.Parse(_network.In("blue", "ip -j link show eth0"));
        Assert.Equal(link.RootElement[0].GetProperty("address").GetString(), only.Mac);
    }

    [Fact]
    public void TrafficPassesToTheSwitchAndToOneAnother()
    {
        _network.Use(Plain, ipam: "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]]");
        _network.Add("blue");
        _network.Add("red");
        _network.In("blue", "ping -c1 -W1 10.15.20.1");
        _network.In("blue", "ping -c1 -W1 10.15.20.3");
        _network.In("red", "ping -c1 -W1 fd00:15::1");
        _network.In("red", "ping -c1 -W1 fd00:15::2");
        Assert.Equal("1\n", _network.In("blue", "cat /proc/sys/net/ipv6/conf/eth0/ndisc_notify"));
    }

    [Fact]
    public void PrivateOnesDontReachOneAnother()
    {
        _network.Use("""{"type": "macvlan", "master": "m0", "mode": "private", @IPAM@}""");
        _network.Add("blue");
        _network.Add("red");
        _network.In("blue", "ping -c1 -W1 10.15.20.1");
        Assert.NotEqual(0, Sandbox.TryRun($"ip netns exec {_network.Container("blue")} ping -c1 -W1 10.15.20.3").Status);
    }

    [Theory]
    [InlineData("bridge")]
    [InlineData("private")]
    [InlineData("vepa")]
    [InlineData("passthru")]
    public void EveryModeAndTheQueueReachTheKernel(string mode)
    {
        _network.Use($$"""{"type": "macvlan", "master": "m0", "mode": "{{mode}}", "mtu": 1300, "bcqueuelen": 200, @IPAM@}""");
        _network.Add("blue");
        string link = _network.In("blue", "ip -d link show eth0");
        Assert.Contains($"macvlan mode {mode} bcqueuelen 200", link);
        Assert.Contains("mtu 1300", link);
        Assert.Empty(_network.Check("blue"));
    }

    [Fact]
    public void TheAddressComesFromConfigurationThenArgumentsThenCapability()
    {
        const string Configured = """{"type": "macvlan", "master": "m0", "mac": "02:00:00:00:00:01", "capabilities": {"mac": true}, @IPAM@}""";
        _network.Use(Configured);
        Assert.Equal("02:00:00:00:00:01", _network.Add("a").Interfaces[0].Mac);
        CniArgs args = CniArgs.Parse("MAC=02:00:00:00:00:02");
        Attachment second = _network.Attachment("b", args: args);
        Assert.Equal("02:00:00:00:00:02", _network.Runtime.Add(_network.List, second)!.Interfaces[0].Mac);
        using JsonDocument capability = JsonDocument.Parse("\"02:00:00:00:00:03\"");
        Attachment third = _network.Attachment("c", args: args) with
        {
            CapabilityArgs = [new("mac", capability.RootElement)],
        };
        Assert.Equal("02:00:00:00:00:03", _network.Runtime.Add(_network.List, third)!.Interfaces[0].Mac);
    }

    [Fact]
    public void TheMasterMayBeTheDefaultRoutesOrInsideTheContainer()
    {
        _network.Use("""{"type": "macvlan", @IPAM@}""");
        CniException none = Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(CniErrorIds.LinkNotFound, none.ErrorId);
        Assert.Contains("no default route interface found", none.Message);
        Sandbox.Run($"ip -n {_network.HostName} addr add 10.15.20.200/24 dev m0 && ip -n {_network.HostName} route add default via 10.15.20.1");
        _network.Add("blue");
        _network.In("blue", "ping -c1 -W1 10.15.20.1");

        _network.Use("""{"type": "macvlan", "master": "eth0", "linkInContainer": true, @IPAM@}""");
        _network.Add("switch", "net1");
        Assert.Contains("net1@eth0", _network.In("switch", "ip -o link"));
        Assert.Empty(_network.Runtime.Check(_network.List, _network.Attachment("switch", "net1")));
        _network.Delete("switch", "net1");
        Assert.DoesNotContain("net1", _network.In("switch", "ip -o link"));
    }

    [Fact]
    public void ANameThatTheHostHasTooIsNoHindrance()
    {
        Sandbox.Run($"ip -n {_network.HostName} link add eth0 type veth peer name other");
        _network.Use(Plain);
        _network.Add("blue");
        Assert.Contains("eth0@", _network.In("blue", "ip -o link"));
    }

    [Theory]
    [InlineData("\"master\": \"m0\", \"mode\": \"zz\"", "unknown macvlan mode: \"zz\"")]
    [InlineData("\"master\": \"m0\", \"mtu\": 9000", "invalid MTU 9000, must be [0, master MTU(1400)]")]
    [InlineData("\"master\": \"m9\"", "failed to lookup master \"m9\": no such link")]
    [InlineData("\"master\": \"m0\", \"bcqueuelen\": -1", "-1 is out of range (0 to 4294967295)")]
    public void WhatCantBeIsRefusedAndLeavesNothing(string keys, string message)
    {
        _network.Use($$"""{"type": "macvlan", {{keys}}, @IPAM@}""");
        _network.Container("blue");
        string before = _network.Snapshot();
        CniException error = Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Contains(message, error.Message);
        Assert.Equal(before, _network.Snapshot());
    }

    [Fact]
    public void AFailingAddressPluginLeavesNoLink()
    {
        _network.Use("""{"type": "macvlan", "master": "m0", "ipam": {"type": "host-local", "subnet": "10.15.20.0/31"}}""");
        _network.Container("blue");
        string before = _network.Snapshot();
        Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(before, _network.Snapshot());
    }

    [Fact]
    public void AnInterfaceThatIsThereStays()
    {
        _network.Use(Plain);
        _network.In("blue", "ip link add eth0 type veth peer name other");
        CniException error = Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(CniErrorIds.InterfaceExists, error.ErrorId);
        Assert.Contains("eth0@other", _network.In("blue", "ip -o link"));
    }

    [Fact]
    public void CheckNamesEveryDifferenceAndItsRepairsMend()
    {
        _network.Use("""{"type": "macvlan", "master": "m0", "mtu": 1300, "mode": "bridge", @IPAM@}""", ipam: "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
        _network.Add("blue");
        _network.In("blue", "ip addr flush dev eth0");
        _network.In("blue", "ip link set eth0 down address 02:00:00:00:00:99 mtu 1200");
        Assert.Equal(
            ["MAC of eth0", "MTU of eth0", "address on eth0", "link eth0", "route 0.0.0.0/0"],
            _network.Check("blue").Select(d => d.Subject).Order(StringComparer.Ordinal));
        foreach (Difference difference in _network.Check("blue"))
        {
            _network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(_network.Check("blue"));
        _network.In("blue", "ip link set eth0 type macvlan mode private");
        Difference mode = Assert.Single(_network.Check("blue"));
        Assert.Equal("container macvlan mode private does not match expected value: bridge", mode.Message);
        _network.In("blue", "ip link del eth0");
        Assert.Contains(_network.Check("blue"), d => d.Message == "Container Interface name in prevResult: eth0 not found");
    }

    [Fact]
    public void APlanIsTheCommandsAndTheyDoTheSame()
    {
        _network.Use(Plain);
        string blue = _network.Container("blue");
        IReadOnlyList<string> commands = _network.PlanAdd("blue");
        Assert.StartsWith($"ip -n {_network.HostName} link add link m0 name cni", commands[0]);
        Assert.EndsWith($" netns {blue} type macvlan mode bridge", commands[0]);
        Assert.Matches($"^ip -n {blue} link set cni[0-9a-f]+ name eth0 alias cni[0-9a-f]+$", commands[1]);
        Assert.Contains($"ip -n {blue} addr add 10.15.20.2/24 brd + dev eth0", commands);
        foreach (string command in commands)
        {
            Sandbox.Run(command);
        }

        Assert.Contains("inet 10.15.20.2/24 brd 10.15.20.255 scope global eth0", _network.In("blue", "ip addr show eth0"));
        Assert.Contains("macvlan mode bridge", _network.In("blue", "ip -d link show eth0"));
    }

    [Fact]
    public void StatusTellsWhetherTheMasterIsThere()
    {
        _network.Use(Plain, "1.1.0");
        _network.Runtime.Status(_network.List);
        Sandbox.Run($"ip -n {_network.HostName} link del m0");
        CniException error = Assert.ThrowsAny<CniException>(() => _network.Runtime.Status(_network.List));
        Assert.Equal(CniErrorCode.PluginNotAvailable, error.Code);
    }

    [Fact]
    public void WithoutAddressesItIsJustUp()
    {
        _network.Use("""{"type": "macvlan", "master": "m0", "dns": {"nameservers": ["9.9.9.9"]}}""");
        CniResult result = _network.Add("blue");
        Assert.Empty(result.Ips);
        Assert.Equal("9.9.9.9", Assert.Single(result.Dns.Nameservers));
        Assert.Contains("UP", _network.In("blue", "ip -o link show eth0"));
        Assert.Empty(_network.Check("blue"));
    }

    [Theory]
    [InlineData("\"master\": \"m0\", @IPAM@")]
    [InlineData("\"master\": \"m0\", \"mode\": \"private\", \"mtu\": 1280, \"dns\": {\"nameservers\": [\"9.9.9.9\"]}, @IPAM@")]
    [InlineData("\"master\": \"m0\", @IPAM@", "0.2.0")]
    [InlineData("\"master\": \"m0\", @IPAM@", "0.4.0")]
    public void TheGoProgramDoesTheSame(string keys, string version = "1.0.0")
    {
        _network.Use($$"""{"type": "macvlan", {{keys}} }""", version, "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
        LinkPluginComparison.Compare(_network, "eth0", "net1");
    }

    [Fact]
    public void TheGoProgramDoesTheSameForIPv6()
    {
        _network.Use(Plain, ipam: "\"subnet\": \"fd00:15::/64\", \"routes\": [{\"dst\": \"::/0\"}]");
        LinkPluginComparison.Compare(_network, "eth0");
    }
}
