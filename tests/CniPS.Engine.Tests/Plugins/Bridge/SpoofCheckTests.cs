using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Host;
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

        // As recorded of the Go plugin 1.9.1, for this container and for another.
        foreach (string id in (string[])["blue", "other"])
        {
            network.Sandbox.RunOnHost(
                $"nft 'add table bridge nat; add chain bridge nat PREROUTING {{ type filter hook prerouting priority dstnat; policy accept; }}; "
                + $"add chain bridge nat cni-br-iface-{id}-eth0; add chain bridge nat cni-br-iface-{id}-eth0-mac; "
                + $"add rule bridge nat PREROUTING iifname \"vethb31b488a\" jump cni-br-iface-{id}-eth0 comment \"macspoofchk-{id}-eth0\"; "
                + $"add rule bridge nat cni-br-iface-{id}-eth0 jump cni-br-iface-{id}-eth0-mac comment \"macspoofchk-{id}-eth0\"; "
                + $"add rule bridge nat cni-br-iface-{id}-eth0-mac ether saddr ea:10:e0:fa:dc:1a return comment \"macspoofchk-{id}-eth0\"; "
                + $"add rule bridge nat cni-br-iface-{id}-eth0-mac drop comment \"macspoofchk-{id}-eth0\"'");
        }

        network.Delete("blue");
        string rules = network.Sandbox.RunOnHost("nft list ruleset");
        Assert.DoesNotContain("blue-eth0", rules);
        Assert.Contains("jump cni-br-iface-other-eth0-mac", rules);
    }

    // As another program would call the plugins: with no result to go by.
    private static CniRuntime WithoutCache(TestNetwork network) =>
        new(network.Sandbox.Host, network.Options with { CacheFolder = network.Sandbox.Folder + "/empty" });

    private static (int Status, string Output) Ping(TestNetwork network, string container) =>
        Sandbox.TryRun($"ip netns exec {network.Container(container)} ping -c1 -W1 10.15.20.2");
}
