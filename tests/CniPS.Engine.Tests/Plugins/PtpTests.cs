using System;
using System.IO;
using System.Linq;
using System.Text;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native ptp with host-local and static on a real kernel.</summary>
public sealed class PtpTests
{
    private const string V4 = "\"type\": \"host-local\", \"subnet\": \"10.89.0.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]";

    private const string Both =
        "\"type\": \"host-local\", \"ranges\": [[{\"subnet\": \"10.89.0.0/24\"}], [{\"subnet\": \"fd00:89::/64\"}]], \"routes\": [{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}]";

    private static TestNetwork Make(string plugin = "", string ipam = V4, string version = "1.1.0")
    {
        TestNetwork network = new();
        plugin = plugin.Length > 0 ? plugin + "," : "";
        network.List = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
            $$$"""
            {"cniVersion": "{{{version}}}", "name": "p2p", "plugins": [{"type": "ptp", {{{plugin}}} "ipam": {"dataDir": "{{{network.Sandbox.DataFolder}}}", {{{ipam}}}}}]}
            """));
        return network;
    }

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    [InlineData("0.3.0")]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public void AnAttachmentComesAndGoes(string version)
    {
        using TestNetwork network = Make("\"ipMasq\": true, \"mtu\": 1450", Both, version);
        CniResult result = network.Add("blue");
        Assert.Equal(version, result.CniVersion);
        Assert.Contains("mtu 1450", network.In("blue", "ip link show eth0"));
        string routes = network.In("blue", "ip route") + network.In("blue", "ip -6 route");
        Assert.Contains("default via 10.89.0.1 dev eth0", routes);
        Assert.Contains("10.89.0.0/24 via 10.89.0.1 dev eth0 src 10.89.0.2", routes);
        Assert.Contains("10.89.0.1 dev eth0 scope link src 10.89.0.2", routes);
        Assert.Contains("fd00:89::/64 via fd00:89::1 dev eth0 src fd00:89::2", routes);
        Assert.Contains("default via fd00:89::1 dev eth0", routes);
        string host = network.Sandbox.RunOnHost("ip addr") + network.Sandbox.RunOnHost("ip route");
        Assert.Contains("inet 10.89.0.1/32 scope global veth", host);
        Assert.Contains("inet6 fd00:89::1/128 scope global", host);
        Assert.Matches("10.89.0.2 dev veth[0-9a-f]{8} scope host", host);
        Assert.Contains("p2p eth0 blue", network.Sandbox.RunOnHost("nft list ruleset"));
        if (string.CompareOrdinal(version, "0.4.0") >= 0)
        {
            Assert.Empty(network.Check("blue"));
        }

        network.Delete("blue");
        network.Delete("blue");
        Assert.DoesNotContain("eth0", network.In("blue", "ip -o link"));
        Assert.DoesNotContain("veth", network.Sandbox.RunOnHost("ip addr"));
        Assert.DoesNotContain("10.89.0.2", network.Sandbox.RunOnHost("nft list ruleset"));
        Assert.False(File.Exists(Path.Combine(network.Sandbox.DataFolder, "p2p/10.89.0.2")));
    }

    [Fact]
    public void AddressesAnswerAtOnceInBothFamilies()
    {
        using TestNetwork network = Make(ipam: Both);
        network.Add("blue");
        network.In("blue", "ping -c1 -W1 10.89.0.1");
        network.In("blue", "ping -6 -c1 -W1 fd00:89::1");
        network.Add("red");
        network.In("red", "ping -c1 -W1 10.89.0.2");
        network.In("red", "ping -6 -c1 -W3 fd00:89::2");
        Assert.DoesNotContain("tentative", network.In("blue", "ip -6 addr show scope global"));
    }

    [Fact]
    public void TheFirstPacketIsNotLost()
    {
        using TestNetwork network = Make(ipam: "\"type\": \"host-local\", \"subnet\": \"10.89.0.0/24\"");
        network.Add("blue");
        for (int i = 0; i < 10; i++)
        {
            network.Add($"c{i}");
            network.In($"c{i}", "ping -c1 -W1 -q 10.89.0.2");
        }
    }

    [Fact]
    public void DuplicatesAreLookedForOnRequest()
    {
        using TestNetwork network = Make("\"enabledad\": true", Both);
        network.Add("blue");
        Assert.Equal("1\n", network.In("blue", "cat /proc/sys/net/ipv6/conf/eth0/accept_dad"));
        Assert.DoesNotContain("tentative", network.In("blue", "ip -6 addr show scope global"));
        Assert.DoesNotContain("nodad", network.In("blue", "ip -6 addr show scope global"));
        Assert.Contains("fd00:89::/64 via fd00:89::1", network.In("blue", "ip -6 route"));
    }

    [Fact]
    public void AContainersRouterAdvertisementsAreNotAccepted()
    {
        using TestNetwork network = Make();
        string port = network.Add("blue").Interfaces[0].Name;
        Assert.Equal("0\n", network.Sandbox.RunOnHost($"cat /proc/sys/net/ipv6/conf/{port}/accept_ra"));
    }

    [Fact]
    public void CheckNamesEveryDifferenceAndItsRepairsMend()
    {
        using TestNetwork network = Make("\"ipMasq\": true", Both);
        string port = network.Add("blue").Interfaces[0].Name;
        network.In("blue", "ip addr del 10.89.0.2/24 dev eth0");
        network.In("blue", "ip -6 route del fd00:89::/64");
        network.Sandbox.RunOnHost($"ip addr del 10.89.0.1/32 dev {port}"); // its last: the kernel takes the route along
        network.Sandbox.RunOnHost("nft flush ruleset");
        network.Sandbox.RunOnHost("sysctl -qw net.ipv4.ip_forward=0");
        Difference[] differences = [.. network.Check("blue")];
        Assert.Equal(
            [
                "address on eth0", $"address on {port}", "masquerading of 10.89.0.2", "masquerading of fd00:89::2", "net/ipv4/ip_forward",
                "route 0.0.0.0/0", "route 10.89.0.0/24", "route 10.89.0.1/32", "route 10.89.0.2/32", "route fd00:89::/64",
            ],
            differences.Select(d => d.Subject).Order(StringComparer.Ordinal));
        Assert.Contains(differences, d => d.Message == "Failed to match addr 10.89.0.2/24 on interface eth0");
        foreach (Difference difference in differences)
        {
            network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(network.Check("blue"));
        network.In("blue", "ping -c1 -W1 10.89.0.1");
    }

    [Fact]
    public void CheckSeesADownedOrMissingInterface()
    {
        using TestNetwork network = Make();
        string port = network.Add("blue").Interfaces[0].Name;
        network.Sandbox.RunOnHost($"ip link set {port} down");
        Assert.Contains(network.Check("blue"), d => d.Message == $"Interface {port} is down");
        network.Sandbox.RunOnHost($"ip link del {port}");
        Assert.Equal(["ptp: Container Interface name in prevResult: eth0 not found"], network.Check("blue").Select(d => d.Message));
    }

    // An interface of the name, an address asked for that is taken, a route that the kernel refuses (twice the same, as with the Go plugin).
    [Theory]
    [InlineData(V4, "ip link add eth0 type veth peer name other")]
    [InlineData("\"type\": \"host-local\", \"subnet\": \"10.89.0.0/30\", \"rangeStart\": \"10.89.0.1\", \"rangeEnd\": \"10.89.0.1\"", "true")]
    [InlineData("\"type\": \"host-local\", \"subnet\": \"10.89.0.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"0.0.0.0/0\"}]", "true")]
    [InlineData("\"type\": \"host-local\", \"subnet\": \"10.89.0.0/24\", \"routes\": [{\"dst\": \"1.0.0.0/8\", \"gw\": \"99.9.9.9\"}]", "true")]
    public void WhatFailsLeavesNothing(string ipam, string before)
    {
        using TestNetwork network = Make("\"ipMasq\": true", ipam);
        network.In("blue", before);
        network.Forward();
        string was = network.Snapshot();
        Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(was, network.Snapshot());
    }

    // An IPAM program that refused has nothing to take back: its DEL would take the addresses of an attachment that was there before.
    [Theory]
    [InlineData("""{"code": 999, "msg": "duplicate"}""", 1, "", "true", "ADD")]
    [InlineData("""{"cniVersion": "1.1.0", "ips": [{"address": "10.89.0.2/24", "gateway": "10.89.0.1"}], "routes": [{"dst": "1.0.0.0/8", "gw": "99.9.9.9"}]}""", 0, "", "true", "ADD DEL")]
    [InlineData("""{"cniVersion": "1.1.0", "ips": [{"address": "10.89.0.2/24", "gateway": "10.89.0.1"}]}""", 0, "", "true", "ADD")]
    [InlineData("", 0, "kill -9 $$", "true", "ADD DEL")]
    [InlineData("", 0, "", "ip link add eth0 type veth peer name other", "")]
    public void AnIpamProgramIsAskedToTakeBackWhatItGave(string answer, int status, string first, string before, string calls)
    {
        using TestNetwork network = Make(ipam: "\"type\": \"fake\"");
        string folder = Path.Combine(network.Sandbox.Folder, "bin"), log = Path.Combine(folder, "log");
        Directory.CreateDirectory(folder);
        string program = Path.Combine(folder, "fake");
        File.WriteAllText(program, $"#!/bin/sh\nprintf '%s ' $CNI_COMMAND >> {log}\n{first}\ncat <<'END'\n{answer}\nEND\nexit {status}\n");
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        network.In("blue", before);
        CniRuntime runtime = new(network.Sandbox.Host, network.Options with { PluginSource = PluginSource.NativeFirst, PluginPath = [folder] });
        Exception? error = Record.Exception(() => runtime.Add(network.List, network.Attachment("blue")));
        Assert.Equal(answer.Contains("10.89.0.2", StringComparison.Ordinal) && !answer.Contains("99.9", StringComparison.Ordinal), error is null);
        Assert.Equal(calls, File.Exists(log) ? File.ReadAllText(log).Trim() : "");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DelNeedsNeitherNamespaceNorLink(bool linkIsThere)
    {
        using TestNetwork network = Make("\"ipMasq\": true");
        string port = network.Add("blue").Interfaces[0].Name;
        if (!linkIsThere)
        {
            network.Sandbox.RunOnHost($"ip link del {port}");
        }

        network.Runtime.Delete(network.List, network.Attachment("blue") with { NetNS = "" });
        Assert.DoesNotContain("10.89.0.2", network.Sandbox.RunOnHost("nft list ruleset"));
        Assert.DoesNotContain("veth", network.Sandbox.RunOnHost("ip -o link"));
        Assert.False(File.Exists(Path.Combine(network.Sandbox.DataFolder, "p2p/10.89.0.2")));
    }

    [Fact]
    public void AHopInTheSubnetThatIsNotTheGatewayWorksWhereTheHostAnswersForIt()
    {
        using TestNetwork network = Make(
            ipam: "\"type\": \"host-local\", \"subnet\": \"10.89.0.0/24\", \"routes\": [{\"dst\": \"192.0.2.0/24\", \"gw\": \"10.89.0.254\"}]");
        network.Sandbox.RunOnHost("ip addr add 10.89.0.254/32 dev lo");
        network.Sandbox.RunOnHost("ip addr add 192.0.2.1/32 dev lo");
        network.Add("blue");
        network.In("blue", "ping -c1 -W1 192.0.2.1");
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void PlanSaysWhatIsDone()
    {
        using TestNetwork network = Make("\"ipMasq\": true", Both);
        RuntimeOptions options = network.Options;
        PlannedHost plan = new(network.Sandbox.Host);
        new CniRuntime(plan, options).Add(network.List, network.Attachment("blue"));
        string was = network.Snapshot();
        network.Container("blue");
        Assert.DoesNotContain("veth", was);
        network.Add("blue");
        // MACs, and what is written down around it, are the kernel's and the runtime's.
        static string[] Comparable(System.Collections.Generic.IEnumerable<string> steps) =>
            [.. steps.Where(s => !s.Contains("/cache/", StringComparison.Ordinal)).Select(s => System.Text.RegularExpressions.Regex.Replace(s, " address [0-9a-f:]{17}", ""))];
        Assert.Equal(Comparable(plan.Steps.Select(s => s.Text)), Comparable(network.Steps));
    }
}
