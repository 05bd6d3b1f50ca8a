using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CniPS.Plugins;
using CniPS.Plugins.Meta;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native tuning behind ptp on a real kernel; the messages are those that the Go program was seen to print.</summary>
public sealed class TuningTests
{
    private const string Everything =
        "\"sysctl\": {\"net.core.somaxconn\": \"500\", \"net.ipv4.conf.IFNAME.arp_filter\": \"1\"}, \"mac\": \"02-11-22-33-44-55\", \"promisc\": true, "
        + "\"mtu\": 1300, \"allmulti\": true, \"txQLen\": 2000";

    private static TestNetwork Make(string tuning, string version = "1.1.0")
    {
        TestNetwork network = new();
        network.List = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
            $$$"""
            {"cniVersion": "{{{version}}}", "name": "tuned", "plugins": [
              {"type": "ptp", "ipam": {"type": "host-local", "dataDir": "{{{network.Sandbox.DataFolder}}}", "subnet": "10.231.13.0/24"}},
              {"type": "tuning", "capabilities": {"mac": true}, "dataDir": "{{{Folder(network)}}}", {{{tuning}}}}]}
            """));
        return network;
    }

    private static string Folder(TestNetwork network) => Path.Combine(network.Sandbox.Folder, "tuning");

    private static string Backup(TestNetwork network) => Path.Combine(Folder(network), "blue_eth0.json");

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.1.0")]
    public void EverythingIsSetAndPutBack(string version)
    {
        using TestNetwork network = Make(Everything, version);
        CniResult result = network.Add("blue");
        Assert.Equal(version, result.CniVersion);
        if (version != "0.1.0")
        {
            Assert.Equal("02:11:22:33:44:55", result.Interfaces[1].Mac);
        }

        string link = network.In("blue", "ip -d link show eth0");
        Assert.Contains("ALLMULTI,PROMISC,UP", link);
        Assert.Contains("mtu 1300", link);
        Assert.Contains("qlen 2000", link);
        Assert.Contains("link/ether 02:11:22:33:44:55", link);
        Assert.Equal("500\n1\n", network.In("blue", "cat /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/conf/eth0/arp_filter"));
        string kept = File.ReadAllText(Backup(network));
        Assert.Matches("^\\{\\n \"mac\": \"[0-9a-f:]{17}\",\\n \"promisc\": false,\\n \"mtu\": 1500,\\n \"allmulti\": false,\\n \"txQLen\": 1000\\n\\}$", kept);
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(Backup(network)));
        Assert.Equal((UnixFileMode)0x180, new DirectoryInfo(Folder(network)).UnixFileMode);

        // DEL of tuning alone: the list's next plugin takes the interface away.
        DeleteTuning(network);
        link = network.In("blue", "ip -d link show eth0");
        Assert.DoesNotContain("PROMISC", link);
        Assert.DoesNotContain("ALLMULTI", link);
        Assert.Contains("mtu 1500", link);
        Assert.Contains("qlen 1000", link);
        Assert.Contains(kept.Split('"')[3], link);
        Assert.False(File.Exists(Backup(network)));
        network.Delete("blue");
        network.Delete("blue");
    }

    private static void DeleteTuning(TestNetwork network, string container = "blue")
    {
        PluginInvoker invoker = new(network.Sandbox.Host, network.Options);
        using PluginContext context = new() { Host = network.Sandbox.Host, Transaction = new Transaction(network.Sandbox.Host), Plugins = invoker };
        invoker.Invoke(
            "tuning",
            new PluginRequest
            {
                Verb = CniVerb.Delete, ContainerId = container, InterfaceName = "eth0", NetNS = network.Attachment(container).NetNS,
                Config = Encoding.UTF8.GetBytes($$"""{"cniVersion": "1.1.0", "name": "tuned", "type": "tuning", "dataDir": "{{Folder(network)}}"}"""),
            },
            context);
    }

    [Fact]
    public void ADeadContainersBackupGoesToo()
    {
        using TestNetwork network = Make(Everything);
        network.Add("blue");
        network.Runtime.Delete(network.List, network.Attachment("blue") with { NetNS = "" });
        Assert.False(File.Exists(Backup(network)));
    }

    [Fact]
    public void ABackupThatIsNoneIsRemovedAndChangesNothing()
    {
        using TestNetwork network = Make("\"mtu\": 1300");
        network.Add("blue");
        File.WriteAllText(Backup(network), "{\"mtu\": \"x\"");
        DeleteTuning(network);
        Assert.Contains("mtu 1300", network.In("blue", "ip link show eth0"));
        Assert.False(File.Exists(Backup(network)));
    }

    [Fact]
    public void CheckNamesEveryDifferenceAndItsRepairsMend()
    {
        using TestNetwork network = Make(Everything + ", \"args\": {\"cni\": {\"sysctl\": {\"net.ipv4.ip_local_port_range\": \"2000 3000\"}}}");
        network.Add("blue");
        Assert.Empty(network.Check("blue")); // the kernel puts a tab between the two
        network.In("blue", "ip link set eth0 promisc off allmulticast off mtu 1500 txqueuelen 100");
        network.In("blue", "ip link set eth0 address 02:00:00:00:00:09");
        network.In("blue", "sysctl -qw net.core.somaxconn=100");
        Difference[] differences = [.. network.Check("blue").Where(d => d.PluginType == "tuning")];
        Assert.Equal(
            [
                "Error: Tuning configured value of /proc/sys/net/core/somaxconn is 500, current value is 100",
                "Error: Tuning configured Ethernet of eth0 is 02:11:22:33:44:55, current value is 02:00:00:00:00:09",
                "Error: Tuning link eth0 configured promisc is true, current value is 0",
                "Error: Tuning configured MTU of eth0 is 1300, current value is 1500",
                "Error: Tuning configured all-multicast mode of eth0 is true, current value is false",
                "Error: Tuning configured Transmit Queue Length of eth0 is 2000, current value is 100",
            ],
            differences.Select(d => d.Message));
        foreach (Difference difference in differences)
        {
            network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(network.Check("blue"));
    }

    // The Go program compares promiscuous mode although it is not configured, and with whatever a packet sniffer does to it.
    [Fact]
    public void CheckLeavesAloneWhatIsNotConfigured()
    {
        using TestNetwork network = Make("\"mtu\": 1300");
        network.Add("blue");
        network.In("blue", "ip link set eth0 promisc on txqueuelen 77");
        Assert.Empty(network.Check("blue"));
    }

    [Theory]
    [InlineData("\"mac\": \"02:00:00:00:00:01\"", "", "", "", "02:00:00:00:00:01")]
    [InlineData("\"mac\": \"02:00:00:00:00:01\"", "MAC=02:00:00:00:00:02", "", "", "02:00:00:00:00:02")]
    [InlineData("\"mac\": \"02:00:00:00:00:01\"", "MAC=02:00:00:00:00:02", "02:00:00:00:00:03", "", "02:00:00:00:00:03")]
    [InlineData("\"mac\": \"02:00:00:00:00:01\"", "MAC=02:00:00:00:00:02", "02:00:00:00:00:03", "02:00:00:00:00:04", "02:00:00:00:00:04")]
    public void TheLastSourceOfAMacCounts(string configured, string args, string capability, string argument, string expected)
    {
        string tail = argument.Length > 0 ? $", \"args\": {{\"cni\": {{\"mac\": \"{argument}\"}}}}" : "";
        using TestNetwork network = Make(configured + tail);
        Attachment attachment = network.Attachment("blue", args: CniArgs.Parse(args));
        if (capability.Length > 0)
        {
            attachment = attachment with { CapabilityArgs = [new("mac", System.Text.Json.JsonDocument.Parse($"\"{capability}\"").RootElement)] };
        }

        CniResult result = network.Runtime.Add(network.List, attachment)!;
        Assert.Equal(expected, result.Interfaces[1].Mac);
        Assert.Contains(expected, network.In("blue", "ip link show eth0"));
    }

    [Theory]
    [InlineData("\"sysctl\": {\"kernel.shmmax\": \"1\"}", "invalid net sysctl key: \"kernel/shmmax\"")]
    [InlineData("\"sysctl\": {\"net.foo\": \"1\"}", "No such file or directory")]
    [InlineData("\"sysctl\": {\"net.core.somaxconn\": \"1\", \"net/core/somaxconn\": \"2\"}", "duplicated sysctl keys are not allowed")]
    [InlineData("\"mac\": \"zz\"", "invalid args zz for MAC addr: address zz: invalid MAC address")]
    [InlineData("\"mtu\": 70000", "Invalid argument")]
    [InlineData("\"mtu\": -1", "must not be negative")]
    [InlineData("\"mtu\": 1400, \"mac\": \"01:00:00:00:00:01\"", "Cannot assign requested address")]
    public void WhatFailsLeavesNothing(string tuning, string message)
    {
        using TestNetwork network = Make("\"promisc\": true, " + tuning);
        network.Container("blue");
        network.Forward();
        string was = network.Snapshot();
        Exception error = Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Contains(message, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(was, network.Snapshot());
        Assert.False(File.Exists(Backup(network)));
    }

    // As a program gets it; a runtime passes on only the last of several.
    [Fact]
    public void AParameterThatIsNamedTwiceIsRefused()
    {
        PluginConfigReader root = new(PluginConfiguration.ParseRequest("""{"sysctl": {"net.core.somaxconn": "1", "net.core.somaxconn": "2"}}"""u8.ToArray()));
        CniException error = Assert.Throws<CniException>(() => TuningSysctl.Read(root.GetObject("sysctl"), null, "eth0"));
        Assert.Equal("duplicated sysctl keys are not allowed", error.Message);
    }

    [Fact]
    public void ArgumentsNeedNoSysctlInTheConfiguration() // the Go program panics
    {
        using TestNetwork network = Make("\"args\": {\"cni\": {\"sysctl\": {\"net.core.somaxconn\": \"123\"}}}");
        network.Add("blue");
        Assert.Equal("123\n", network.In("blue", "cat /proc/sys/net/core/somaxconn"));
    }

    [Fact]
    public void FirstInAListItHasNothingToTune()
    {
        using TestNetwork network = new();
        network.List = NetworkConfigurationList.Parse("""{"cniVersion": "1.0.0", "name": "tuned", "plugins": [{"type": "tuning", "mtu": 1300}]}"""u8.ToArray());
        Assert.Contains("Required prevResult missing", Assert.ThrowsAny<CniException>(() => network.Add("blue")).Message);
    }

    [Theory]
    [InlineData("", "Sysctl net.core.somaxconn is not allowed. Only the following sysctls are allowed: []")]
    [InlineData("^net\\.ipv4\\..*$\n\n  foo \n", "Sysctl net.core.somaxconn is not allowed. Only the following sysctls are allowed: [^net\\.ipv4\\..*$ foo]")]
    [InlineData("^net\\.ipv4\\..*$\nsomax", null)] // found anywhere
    [InlineData("^net\\.(ipv4|core)\\.[^.]+$", null)]
    [InlineData("net.core.\\d", "not allowed")]
    [InlineData("(", "can't be used: Unmatched ( ")]
    [InlineData(null, null)]
    public void TheAllowList(string? list, string? message)
    {
        IReadOnlyList<TuningSysctl> wanted = [new("net.core.somaxconn", "net/core/somaxconn", "1")];
        Exception? error = Record.Exception(() => SysctlAllowList.Check(list is null ? null : Encoding.UTF8.GetBytes(list), wanted));
        Assert.Equal(message is null, error is null);
        Assert.Contains(message ?? "", error?.Message ?? "");
    }

    // What is kept says of which network it is: beside the Go program's file, in one of ours.
    [Fact]
    public void GC_removes_what_is_kept_of_containers_that_are_gone()
    {
        using TestNetwork network = Make("\"mtu\": 1300");
        network.Add("blue");
        network.Add("red");
        string another = Path.Combine(Folder(network), "another_eth0.json"), owner = Path.Combine(Folder(network), ".cnips", "other_eth0.json");
        File.WriteAllText(another, "{}"); // the Go program's: nothing says whose it is
        File.WriteAllText(Path.Combine(Folder(network), "other_eth0.json"), "{}");
        File.WriteAllText(owner, "other\nother\neth0\n");
        Directory.Delete(network.Sandbox.CacheFolder, recursive: true);
        network.RemoveContainer("blue");
        network.Runtime.CollectGarbage(network.List, [new AttachmentKey("red", "eth0")]);
        string[] kept = [.. Directory.GetFiles(Folder(network), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder(network), file)).Order(StringComparer.Ordinal)];
        Assert.Equal([".cnips/other_eth0.json", ".cnips/red_eth0.json", "another_eth0.json", "other_eth0.json", "red_eth0.json"], kept);

        // Nor does DEL leave anything of it, though another has taken away the file.
        File.Delete(Path.Combine(Folder(network), "red_eth0.json"));
        DeleteTuning(network, "red");
        Assert.False(File.Exists(Path.Combine(Folder(network), ".cnips", "red_eth0.json")));
    }
}
