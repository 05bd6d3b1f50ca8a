using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native bridge with host-local on a real kernel.</summary>
public sealed class BridgeTests
{
    [Theory]
    [InlineData("0.2.0")]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void AnAttachmentComesAndGoes(string version)
    {
        using TestNetwork network = new("\"ipMasq\": true", version: version);
        CniResult result = network.Add("blue");
        Assert.Equal(version, result.CniVersion);
        using JsonDocument json = JsonDocument.Parse(result.ToJson());
        string address = version == "0.2.0"
            ? json.RootElement.GetProperty("ip4").GetProperty("ip").GetString()!
            : json.RootElement.GetProperty("ips")[0].GetProperty("address").GetString()!;
        Assert.Equal("10.15.20.2/24", address);
        Assert.Contains("inet 10.15.20.2/24 brd 10.15.20.255 scope global eth0", network.In("blue", "ip addr show eth0"));
        Assert.Contains("default via 10.15.20.1 dev eth0", network.In("blue", "ip route"));
        Assert.Equal("1\n", network.In("blue", "cat /proc/sys/net/ipv4/conf/eth0/arp_notify"));
        string host = network.Sandbox.RunOnHost("ip addr");
        Assert.Contains("inet 10.15.20.1/24 brd 10.15.20.255 scope global cni_bridge0", host);
        Assert.Contains("10.15.20.2 . 10.15.20.0 comment \"mybridge eth0 blue\"", network.Sandbox.RunOnHost("nft list ruleset"));
        Assert.True(File.Exists(Path.Combine(network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
        Assert.True(File.Exists(Path.Combine(network.Sandbox.CacheFolder, "results/mybridge-blue-eth0")));

        network.Delete("blue");
        network.Delete("blue");
        Assert.DoesNotContain("eth0", network.In("blue", "ip -o link"));
        host = network.Sandbox.RunOnHost("ip addr");
        Assert.DoesNotContain("veth", host);
        Assert.Contains("10.15.20.1/24", host);
        Assert.DoesNotContain("10.15.20.2", network.Sandbox.RunOnHost("nft list ruleset"));
        Assert.False(File.Exists(Path.Combine(network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
        Assert.Empty(Directory.GetFiles(Path.Combine(network.Sandbox.CacheFolder, "results")));
    }

    [Fact]
    public void TwoContainersReachEachOtherAndTheGateway()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.Add("red");
        network.In("blue", "ping -c1 -W1 10.15.20.3");
        network.In("red", "ping -c1 -W1 10.15.20.2");
        network.In("red", "ping -c1 -W1 10.15.20.1");
    }

    [Fact]
    public void TheFirstPacketIsNotLost()
    {
        using TestNetwork network = new();
        network.Add("blue");
        for (int i = 0; i < 10; i++)
        {
            network.Add($"c{i}");
            network.In($"c{i}", "ping -c1 -W1 -q 10.15.20.2");
        }
    }

    [Fact]
    public void WhoeverIsBehindTheHostSeesTheHostsAddress()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        string outside = network.Container("outside"), host = network.HostName;
        Sandbox.Run(
            $"ip -n {host} link add up0 type veth peer name eth0 netns {outside} && ip -n {host} addr add 192.0.2.1/24 dev up0 && ip -n {host} link set up0 up "
            + $"&& ip -n {outside} addr add 192.0.2.2/24 dev eth0 && ip -n {outside} link set eth0 up");
        network.Add("blue");
        network.In("outside", "nft 'add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c ip saddr 192.0.2.1 icmp type echo-request counter'");
        network.In("blue", "ping -c1 -W1 192.0.2.2");
        Assert.Contains("packets 1", network.In("outside", "nft list ruleset"));
    }

    [Fact]
    public void CheckNamesEveryDifference()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"hairpinMode\": true");
        network.Add("blue");
        Assert.Empty(network.Check("blue"));
        network.In("blue", "ip addr del 10.15.20.2/24 dev eth0");
        network.Sandbox.RunOnHost("nft flush ruleset");
        string port = network.Sandbox.RunOnHost("ip -o link show type veth").Split(": ")[1].Split('@')[0];
        network.Sandbox.RunOnHost($"bridge link set dev {port} hairpin off");
        string[] subjects = [.. network.Check("blue").Select(d => d.Subject)];
        Assert.Equal(["address on eth0", $"hairpin mode of {port}", "masquerading of 10.15.20.2", "route 0.0.0.0/0"], subjects.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TwoInterfacesMayHaveADefaultRouteEach()
    {
        using TestNetwork network = new();
        network.Add("blue");
        PlannedHost planned = new(network.Sandbox.Host);
        new CniRuntime(planned, network.Options).Add(network.List, network.Attachment("blue", "net1"));
        Assert.Contains(planned.Steps, step => step.Text.EndsWith("route prepend default via 10.15.20.1 dev net1", StringComparison.Ordinal));
        network.Add("blue", "net1");
        Assert.Equal(
            ["default via 10.15.20.1 dev net1", "default via 10.15.20.1 dev eth0"],
            network.In("blue", "ip route").Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("default", StringComparison.Ordinal)));
        network.Delete("blue", "net1");
        Assert.Contains("default via 10.15.20.1 dev eth0", network.In("blue", "ip route"));
    }

    [Fact]
    public void CheckFindsAPortThatLeftItsBridge()
    {
        using TestNetwork network = new();
        network.Add("blue");
        string port = network.Sandbox.RunOnHost("ip -o link show type veth").Split(": ")[1].Split('@')[0];
        network.Sandbox.RunOnHost($"ip link set {port} nomaster");
        Difference difference = Assert.Single(network.Check("blue"), d => d.Subject == $"bridge of {port}");
        Assert.Null(difference.Actual);
    }

    [Fact]
    public void WhatCheckFindsItsRepairsMend()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        network.In("blue", "ip addr del 10.15.20.2/24 dev eth0");
        network.Sandbox.RunOnHost("nft flush ruleset");
        network.Sandbox.RunOnHost("ip addr del 10.15.20.1/24 dev cni_bridge0");
        network.Sandbox.RunOnHost("sysctl -qw net.ipv4.ip_forward=0");
        foreach (Difference difference in network.Check("blue"))
        {
            network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(network.Check("blue"));
        network.In("blue", "ping -c1 -W1 10.15.20.1");
    }

    [Fact]
    public void BothFamiliesAtOnce()
    {
        using TestNetwork network = new(
            "\"ipMasq\": true, \"isDefaultGateway\": true",
            "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]]");
        CniResult result = network.Add("blue");
        Assert.Equal(["10.15.20.2/24", "fd00:15::2/64"], result.Ips.Select(ip => ip.Address.ToString()));
        network.Add("red");
        network.In("red", "ping -c1 -W1 fd00:15::2");
        network.In("red", "ping -c1 -W1 fd00:15::1");
        Assert.Contains("default via fd00:15::1", network.In("red", "ip -6 route"));
        Assert.Empty(network.Check("red"));
    }

    [Fact]
    public void IPv6IsSwitchedOnWhereItWasOff()
    {
        using TestNetwork network = new(ipam: "\"subnet\": \"fd00:15::/64\"");
        network.In("blue", "sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1");
        network.Add("blue");
        Assert.Contains("fd00:15::2/64", network.In("blue", "ip -6 addr show eth0"));
    }

    [Fact]
    public void WithoutIpamItIsALayer2Attachment()
    {
        using TestNetwork network = new();
        network.List = NetworkConfigurationList.Parse("""{"cniVersion":"1.0.0","name":"l2","plugins":[{"type":"bridge","bridge":"l2br"}]}"""u8.ToArray());
        CniResult result = network.Add("blue");
        Assert.Empty(result.Ips);
        Assert.Contains("UP", network.In("blue", "ip link show eth0"));
        Assert.Empty(network.Check("blue"));
        network.Delete("blue");
    }

    [Fact]
    public void SettingsOfLinksReachTheKernel()
    {
        using TestNetwork network = new("\"mtu\": 1400, \"hairpinMode\": true, \"portIsolation\": true");
        CniResult result = network.Runtime.Add(network.List, network.Attachment("blue", args: CniArgs.Parse("MAC=0a:00:00:00:00:05")))!;
        Assert.Equal("0a:00:00:00:00:05", result.Interfaces[2].Mac);
        string link = network.In("blue", "ip link show eth0");
        Assert.Contains("mtu 1400", link);
        Assert.Contains("0a:00:00:00:00:05", link);
        string port = network.Sandbox.RunOnHost($"ip -d link show {result.Interfaces[1].Name}");
        Assert.Contains("hairpin on", port);
        Assert.Contains("isolated on", port);
        Assert.Contains("mtu 1400", port);
    }

    [Fact]
    public void PromiscuousModeIsTheBridges()
    {
        using TestNetwork network = new("\"promiscMode\": true");
        network.Add("blue");
        Assert.Contains("PROMISC", network.Sandbox.RunOnHost("ip link show cni_bridge0"));
    }

    [Fact]
    public void AnotherAddressOnTheBridgeIsReplacedOnlyByForce()
    {
        using TestNetwork network = new();
        network.Sandbox.RunOnHost("ip link add cni_bridge0 up type bridge");
        network.Sandbox.RunOnHost("ip addr add 10.99.0.1/24 dev cni_bridge0");
        string before = network.Snapshot();
        CniException e = Assert.Throws<PluginCallException>(() => network.Add("blue"));
        Assert.Equal(CniErrorIds.BridgeConflict, e.ErrorId);
        Assert.Contains("already has an IP address different from 10.15.20.1/24", e.Message);
        Assert.Equal(before, Without(network.Snapshot(), network.Container("blue")));
        network.List = network.Make("\"forceAddress\": true");
        network.Add("blue");
        Assert.DoesNotContain("10.99.0.1", network.Sandbox.RunOnHost("ip addr"));
    }

    private static string Without(string snapshot, string container)
    {
        _ = container; // a namespace without an attachment adds lo alone
        int at = snapshot.LastIndexOf("lo\n", StringComparison.Ordinal);
        return snapshot.Remove(at, snapshot.IndexOf("0\n", at, StringComparison.Ordinal) + 2 - at);
    }

    [Fact]
    public void DeleteNeedsNoNamespace()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        network.Sandbox.RemoveNamespace(network.Container("blue"));
        network.Runtime.Delete(network.List, network.Attachment("blue") with { NetNS = "" });
        Assert.DoesNotContain("10.15.20.2", network.Sandbox.RunOnHost("nft list ruleset"));
        Assert.False(File.Exists(Path.Combine(network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
    }

    [Fact]
    public void APlanPredictsAndChangesNothing()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        Attachment attachment = network.Attachment("blue");
        string before = network.Snapshot();
        PlannedHost plan = new(network.Sandbox.Host);
        CniResult predicted = new CniRuntime(plan, network.Options).Add(network.List, attachment)!;
        Assert.Equal("10.15.20.2/24", predicted.Ips[0].Address.ToString());
        Assert.Equal(before, network.Snapshot());

        CniResult real = network.Add("blue");
        Assert.Equal(predicted.Interfaces.Select(i => i.Name), real.Interfaces.Select(i => i.Name));
        Assert.Equal(predicted.Ips[0].Address, real.Ips[0].Address);
        // The same commands, but for the addresses that a plan leaves open.
        string mac = " address " + real.Interfaces[2].Mac, bridge = " address " + real.Interfaces[0].Mac;
        string[] planned = [.. plan.Steps.Select(s => s.Text).Where(NotCache)];
        string[] made = [.. network.Steps.Select(s => s.Replace(mac, "", StringComparison.Ordinal).Replace(bridge, "", StringComparison.Ordinal)).Where(NotCache)];
        Assert.Equal(planned, made);

        static bool NotCache(string text) => !text.Contains("/results", StringComparison.Ordinal) && !text.Contains("/cnips", StringComparison.Ordinal);
    }

    [Fact]
    public void APlansCommandsTypedIntoAShellAttachTheContainer()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"hairpinMode\": true");
        PlannedHost plan = new(network.Sandbox.Host);
        new CniRuntime(plan, network.Options).Add(network.List, network.Attachment("blue"));
        foreach (Change step in plan.Steps)
        {
            Sandbox.Run(step.Text);
        }

        // The real ADD of a second container finds everything shared as its own plan would have left it.
        network.Steps.Clear();
        network.Add("red");
        Assert.DoesNotContain(network.Steps, s => s.Contains("type bridge", StringComparison.Ordinal) || s.Contains("add table", StringComparison.Ordinal));
        network.In("red", "ping -c1 -W1 10.15.20.2");
        Assert.DoesNotContain(network.Check("blue"), d => !d.Subject.StartsWith("MAC", StringComparison.Ordinal));
        network.Delete("blue");
        Assert.DoesNotContain("10.15.20.2", network.Sandbox.RunOnHost("nft list ruleset"));
    }
}
