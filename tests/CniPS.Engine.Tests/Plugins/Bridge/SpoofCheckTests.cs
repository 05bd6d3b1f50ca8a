using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>bridge's macspoofchk: frames under a false address get nowhere.</summary>
public sealed class SpoofCheckTests
{
    private const string Keys = "\"macspoofchk\": true";

    [Fact]
    public void A_forged_source_address_gets_nowhere()
    {
        using TestNetwork network = new(Keys);
        network.Add("blue");
        string mac = network.Add("red").Interfaces[2].Mac!;
        network.In("red", "ping -c1 -W1 10.15.20.2");
        network.In("red", "ip link set dev eth0 address 02:00:00:00:00:99");
        Assert.NotEqual(0, Ping(network, "red").Status);
        network.In("red", $"ip link set dev eth0 address {mac}");
        network.In("red", "ping -c1 -W1 10.15.20.2");
        string rules = network.Sandbox.RunOnHost("nft list table bridge cnips");
        Assert.Contains("comment \"mybridge eth0 red\"", rules);
        Assert.Contains(". " + mac, rules);
    }

    [Fact]
    public void A_guard_is_two_elements_and_no_rule()
    {
        using TestNetwork network = new(Keys);
        network.Add("blue");
        network.Steps.Clear();
        network.Add("red");
        string[] steps = [.. network.Steps.Where(step => step.Contains("nft", StringComparison.Ordinal))];
        Assert.Equal(2, steps.Length);
        Assert.All(steps, step => Assert.Contains("create element bridge cnips", step));
    }

    [Fact]
    public void DEL_and_GC_leave_no_guard()
    {
        using TestNetwork network = new(Keys, version: "1.1.0");
        foreach (string name in (string[])["by-result", "by-comment", "no-namespace", "collected", "kept"])
        {
            network.Add(name);
        }

        network.Delete("by-result");
        network.Delete("by-result");
        WithoutCache(network).Delete(network.List, network.Attachment("by-comment"));
        network.Sandbox.RemoveNamespace(network.Container("no-namespace"));
        network.Runtime.Delete(network.List, network.Attachment("no-namespace") with { NetNS = "" });
        network.RemoveContainer("collected");
        WithoutCache(network).CollectGarbage(network.List, [new AttachmentKey("kept", "eth0")]);
        string rules = network.Sandbox.RunOnHost("nft list table bridge cnips");
        Assert.Equal(2, rules.Split("comment \"mybridge eth0").Length - 1);
        Assert.Equal(2, rules.Split("comment \"mybridge eth0 kept\"").Length - 1);
        network.In("kept", "ping -c1 -W1 10.15.20.1");
    }

    [Fact]
    public void CHECK_sees_a_missing_guard_and_mends_it()
    {
        using TestNetwork network = new(Keys);
        string port = network.Add("blue").Interfaces[1].Name;
        Assert.Empty(network.Check("blue"));
        network.Sandbox.RunOnHost("nft delete table bridge cnips");
        Difference difference = Assert.Single(network.Check("blue"));
        Assert.Equal($"MAC spoof check of {port}", difference.Subject);
        network.Sandbox.Host.Apply(difference.Repair);
        Assert.Empty(network.Check("blue"));

        // The address that counts is the result's, not whatever the container has by now.
        network.In("blue", "ip link set dev eth0 address 02:00:00:00:00:99");
        Assert.Equal("MAC of eth0", Assert.Single(network.Check("blue")).Subject);
    }

    [Fact]
    public void A_failed_ADD_leaves_no_table()
    {
        using TestNetwork network = new(
            Keys, "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"1.2.3.0/24\", \"gw\": \"99.9.9.9\"}]");
        network.Container("blue");
        string before = network.Snapshot();
        Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Contains(network.Steps, step => step.Contains("bridge cnips", StringComparison.Ordinal));
        Assert.Equal(before, network.Snapshot());
    }

    [Fact]
    public void A_leftover_under_the_port_s_name_is_replaced()
    {
        using TestNetwork network = new(Keys);
        string port = network.Add("blue").Interfaces[1].Name;
        network.Delete("blue");
        network.Sandbox.RunOnHost($"nft add element bridge cnips macspoofchk-ports '{{ \"{port}\" comment \"gone\" }}'");
        network.Sandbox.RunOnHost($"nft add element bridge cnips macspoofchk-addresses '{{ \"{port}\" . 02:00:00:00:00:99 comment \"gone\" }}'");
        network.Add("blue");
        Assert.DoesNotContain("gone", network.Sandbox.RunOnHost("nft list table bridge cnips"));
        network.In("blue", "ping -c1 -W1 10.15.20.1");
    }

    [Fact]
    public void A_plan_names_the_address_that_its_rule_depends_on()
    {
        using TestNetwork network = new(Keys);
        PlannedHost plan = new(network.Sandbox.Host);
        new CniRuntime(plan, network.Options).Add(network.List, network.Attachment("blue"));
        foreach (Change step in plan.Steps)
        {
            Sandbox.Run(step.Text);
        }

        network.In("blue", "ping -c1 -W1 10.15.20.1");
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void What_the_Go_plugin_made_is_removed()
    {
        using TestNetwork network = new(Keys);
        network.Add("blue");

        GoRules.GuardPort(network.Sandbox, "blue", "vethb31b488a");
        GoRules.GuardPort(network.Sandbox, "other", "vethb31b488a");
        network.Delete("blue");
        string rules = network.Sandbox.RunOnHost("nft list ruleset");
        Assert.DoesNotContain("blue-eth0", rules);
        Assert.Contains("jump cni-br-iface-other-eth0-mac", rules);
    }

    [Theory]
    [InlineData(Keys)]
    [InlineData("")]
    public void GC_removes_what_the_Go_plugin_made_for_ports_that_are_gone(string keys)
    {
        using TestNetwork network = new(keys, version: "1.1.0");
        string port = network.Add("blue").Interfaces[1].Name;
        GoRules.GuardPort(network.Sandbox, "gone-1", "vethb31b488a");
        GoRules.GuardPort(network.Sandbox, "valid", "vethb31b488b");
        GoRules.GuardPort(network.Sandbox, "elsewhere", port);
        GoRules.GuardPort(network.Sandbox, "again", "vethb31b488c");
        GoRules.GuardPort(network.Sandbox, "again", port); // DEL had left the former rule

        GarbageReport report = network.Runtime.CollectGarbage(network.List, [new AttachmentKey("blue", "eth0"), new AttachmentKey("valid", "eth0")]);

        Assert.Equal(["macspoofchk-again-eth0", "macspoofchk-gone-1-eth0"], report.Things.Select(thing => thing.Name).Order());
        Assert.All(report.Things, thing => Assert.Equal(CollectedKind.Rule, thing.Kind));
        string rules = network.Sandbox.RunOnHost("nft list table bridge nat");
        Assert.DoesNotContain("gone-1", rules);
        Assert.DoesNotContain("vethb31b488c", rules);
        foreach (string id in (string[])["valid", "elsewhere", "again"])
        {
            Assert.Contains($"jump cni-br-iface-{id}-eth0 comment", rules);
            Assert.Contains($"chain cni-br-iface-{id}-eth0-mac {{", rules);
        }
    }

    [Fact]
    public void GC_removes_what_the_Go_plugin_made_for_a_port_whose_attachment_it_collects()
    {
        using TestNetwork network = new(Keys, version: "1.1.0");
        network.Add("blue");
        Lease(network, "stale", "10.15.20.100");
        Guard(network, "stale", $"master {TestNetwork.Bridge}");
        Guard(network, "unleased", $"master {TestNetwork.Bridge}"); // on a network of others, for all that is known
        Lease(network, "elsewhere", "10.15.20.101");
        Guard(network, "elsewhere", "");

        // It is on another network by now, which uses the bridge, too.
        Lease(network, "moved", "10.15.20.102");
        NetworkConfigurationList other = network.Make(Keys, "\"subnet\": \"10.15.20.0/24\", \"rangeStart\": \"10.15.20.200\"", "1.1.0", "other");
        GoRules.GuardPort(network.Sandbox, "moved", network.Runtime.Add(other, network.Attachment("moved"))!.Interfaces[1].Name);
        PlannedHost plan = new(network.Sandbox.Host);
        new CniRuntime(plan, network.Options).CollectGarbage(network.List, [new AttachmentKey("blue", "eth0")]);
        Assert.Contains(plan.Steps, step => step.Text.EndsWith("nft delete chain bridge nat cni-br-iface-stale-eth0-mac", StringComparison.Ordinal));
        Assert.Contains("stale-eth0", network.Sandbox.RunOnHost("nft list table bridge nat"));

        GarbageReport report = network.Runtime.CollectGarbage(network.List, [new AttachmentKey("blue", "eth0")]);

        CollectedThing guard = Assert.Single(report.Things, thing => thing.Kind == CollectedKind.Rule);
        Assert.Equal(("macspoofchk-stale-eth0", "stale", "eth0"), (guard.Name, guard.ContainerId, guard.InterfaceName));
        string rules = network.Sandbox.RunOnHost("nft list table bridge nat");
        Assert.DoesNotContain("stale", rules);
        foreach (string container in (string[])["moved", "unleased", "elsewhere"])
        {
            Assert.Contains($"jump cni-br-iface-{container}-eth0 comment", rules);
        }
    }

    [Fact]
    public void GC_leaves_no_guard_where_the_key_has_been_taken_out()
    {
        using TestNetwork network = new(Keys, version: "1.1.0");
        network.Add("blue");
        network.RemoveContainer("blue");
        WithoutCache(network).CollectGarbage(network.Make(version: "1.1.0"), []);
        Assert.DoesNotContain("mybridge eth0 blue", network.Sandbox.RunOnHost("nft list ruleset"));
    }

    // A pair as the Go plugin makes it, under a name that follows from nothing.
    private static void Guard(TestNetwork network, string container, string keys)
    {
        network.Sandbox.RunOnHost($"ip link add v-{container} {keys} type veth peer name eth0 netns {network.Container(container)}");
        GoRules.GuardPort(network.Sandbox, container, $"v-{container}");
    }

    private static void Lease(TestNetwork network, string container, string address) =>
        File.WriteAllText(Path.Join(network.Sandbox.DataFolder, "mybridge", address), container + "\r\neth0");

    // As another program would call the plugins: with no result to go by.
    private static CniRuntime WithoutCache(TestNetwork network) =>
        new(network.Sandbox.Host, network.Options with { CacheFolder = network.Sandbox.Folder + "/empty" });

    private static (int Status, string Output) Ping(TestNetwork network, string container) =>
        Sandbox.TryRun($"ip netns exec {network.Container(container)} ping -c1 -W1 10.15.20.2");
}
