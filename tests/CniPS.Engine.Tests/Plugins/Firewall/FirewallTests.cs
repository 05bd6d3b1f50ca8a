using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Firewall;

/// <summary>firewall: what it makes, lets through, finds wrong and removes.</summary>
public sealed class FirewallTests
{
    private const string Iptables = "\"backend\": \"iptables\"", Nftables = "\"backend\": \"nftables\"";

    // As recorded from the Go plugin (bridge's rules of chains that it shares with nobody left out).
    [Fact]
    public void The_chains_of_iptables_are_those_of_the_Go_plugin()
    {
        using FirewallNetwork network = new($"{Iptables}, \"ingressPolicy\": \"same-bridge\"");
        network.Add("blue");
        Assert.Equal(
            """
            -N CNI-ADMIN
            -N CNI-FORWARD
            -N CNI-ISOLATION-STAGE-1
            -N CNI-ISOLATION-STAGE-2
            -A FORWARD -m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)" -j CNI-ISOLATION-STAGE-1
            -A FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD
            -A CNI-FORWARD -m comment --comment "CNI firewall plugin admin overrides" -j CNI-ADMIN
            -A CNI-FORWARD -d 10.88.0.2/32 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A CNI-FORWARD -s 10.88.0.2/32 -j ACCEPT
            -A CNI-ISOLATION-STAGE-1 -i br-one ! -o br-one -m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge)" -j CNI-ISOLATION-STAGE-2
            -A CNI-ISOLATION-STAGE-1 -m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)" -j RETURN
            -A CNI-ISOLATION-STAGE-2 -o br-one -m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)" -j DROP
            -A CNI-ISOLATION-STAGE-2 -m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)" -j RETURN

            """,
            network.Rules());
        Assert.Contains("-A CNI-FORWARD -s fd00:88::2/128 -j ACCEPT", network.Rules("ip6tables"));
        Assert.Empty(network.Check("blue"));
    }

    // Debian's program beside ours: the same rules after the same calls, and each takes away what the other made.
    [Theory]
    [InlineData("")]
    [InlineData(", \"ingressPolicy\": \"same-bridge\"")]
    [InlineData(", \"iptablesAdminChainName\": \"MINE\"")]
    public void The_Go_program_makes_the_same(string keys)
    {
        Assert.SkipUnless(System.IO.File.Exists("/usr/lib/cni/firewall"), "needs Debian's containernetworking-plugins");
        using FirewallNetwork ours = new(Iptables + keys), go = new(Iptables + keys);
        NetworkConfigurationList ourList = ours.List("one", "10.88.0.0/16", Iptables + keys, "1.0.0"), goList = go.List("one", "10.88.0.0/16", Iptables + keys, "1.0.0");
        foreach (string container in (string[])["blue", "red"])
        {
            ours.Add(container, ourList);
            go.GoRuntime.Add(goList, go.Attachment(container));
            SameRules();
        }

        Assert.DoesNotContain(go.Check("blue", goList), difference => !difference.Message.Contains("same-bridge|isolated", StringComparison.Ordinal));
        Assert.Empty(ours.GoRuntime.Check(ourList, ours.Attachment("blue")));
        ours.GoRuntime.Delete(ourList, ours.Attachment("blue"));
        go.Delete("blue", goList);
        SameRules();
        Assert.DoesNotContain("10.88.0.2/32", ours.Rules());

        void SameRules()
        {
            // Before 1.7 there was one policy only, and the comments say so.
            foreach (string program in (string[])["iptables", "ip6tables"])
            {
                Assert.Equal(go.Rules(program), ours.Rules(program).Replace("same-bridge|isolated", "same-bridge", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void The_ruleset_says_whom_it_serves_and_runs_no_program()
    {
        using FirewallNetwork network = new($"{Nftables}, \"ingressPolicy\": \"same-bridge\"");
        network.Add("blue");
        string rules = network.Ruleset;
        Assert.Contains("10.88.0.2 comment \"one eth0 blue\"", rules);
        Assert.Contains("fd00:88::2 comment \"one eth0 blue\"", rules);
        Assert.Contains("ip daddr @forward4 ct state established,related accept", rules);
        Assert.Contains("iifname . oifname @forward-within return", rules);
        Assert.DoesNotContain(network.Steps, step => step.Contains("tables -", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Iptables)]
    [InlineData(Nftables)]
    [InlineData(Iptables + ", \"ingressPolicy\": \"isolated\"")]
    [InlineData(Nftables + ", \"ingressPolicy\": \"isolated\"")]
    public void An_attachment_comes_and_goes_twice(string keys)
    {
        using FirewallNetwork network = new(keys);
        network.Add("red");
        network.Container("blue");
        string before = network.Snapshot();
        network.Add("blue");
        Assert.Empty(network.Check("blue"));
        network.Delete("blue");
        network.Delete("blue");
        Assert.Equal(before, network.Snapshot());
        Assert.Empty(network.Check("red"));
    }

    [Theory]
    [InlineData(Iptables)]
    [InlineData(Nftables)]
    public void A_failure_behind_it_leaves_nothing(string keys)
    {
        using FirewallNetwork network = new("");
        NetworkConfigurationList list = NetworkConfigurationList.Parse(System.Text.Encoding.UTF8.GetBytes($$"""
            {"cniVersion": "1.1.0", "name": "one", "plugins": [
             {"type": "bridge", "bridge": "br-one", "ipam": {"type": "host-local", "dataDir": "{{network.Sandbox.DataFolder}}", "subnet": "10.88.0.0/16"} },
             {"type": "firewall", {{keys}}, "ingressPolicy": "same-bridge"},
             {"type": "tuning", "sysctl": {"net.ipv4.conf.IFNAME.nonesuch": "1"} }]}
            """));
        network.Container("blue");
        string before = network.Snapshot();
        Assert.ThrowsAny<CniException>(() => network.Add("blue", list));
        Assert.Equal(before, network.Snapshot());
    }

    [Theory]
    [InlineData(Iptables)]
    [InlineData(Nftables)]
    public void DEL_without_a_result_removes_what_the_interface_has(string keys)
    {
        using FirewallNetwork network = new(keys);
        network.Add("red");
        network.Add("blue");
        System.IO.File.Delete(network.Sandbox.CacheFolder + "/results/one-blue-eth0");
        // As the Go plugin is asked: before the interface is gone, and without a result.
        network.Runtime.Delete(List("one", keys), network.Attachment("blue"));
        Assert.DoesNotContain("10.88.0.3", network.Ruleset);
        Assert.DoesNotContain("fd00:88::3", network.Ruleset);
        Assert.Contains("10.88.0.2", network.Ruleset);
    }

    [Theory]
    [InlineData(Iptables, "iptables -F CNI-FORWARD", 3)]
    [InlineData(Iptables, "iptables -D FORWARD -m comment --comment 'CNI firewall plugin rules' -j CNI-FORWARD", 1)]
    [InlineData(Nftables, "nft flush set inet cnips forward4", 1)]
    [InlineData(Nftables + ", \"ingressPolicy\": \"isolated\"", "nft flush set inet cnips forward-bridges", 1)]
    public void CHECK_finds_every_difference_and_what_mends_it(string keys, string damage, int expected)
    {
        using FirewallNetwork network = new(keys);
        network.Add("blue");
        network.Sandbox.RunOnHost(damage);
        IReadOnlyList<Difference> differences = network.Check("blue");
        Assert.Equal(expected, differences.Count);
        Assert.All(differences, difference => Assert.Equal("firewall", difference.PluginType));
        network.Sandbox.Host.Apply([.. differences.SelectMany(difference => difference.Repair)]);
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void Containers_send_and_get_answers_where_all_else_is_dropped()
    {
        using FirewallNetwork network = new(Iptables);
        network.Sandbox.RunOnHost("iptables -P FORWARD DROP");
        network.Add("blue");
        Assert.True(network.Reaches(network.Container("blue"), FirewallNetwork.Outside));
        Assert.False(network.Reaches(network.OutsideName, "10.88.0.2"));
        network.Sandbox.RunOnHost("iptables -A CNI-ADMIN -d 10.88.0.2 -j ACCEPT");
        Assert.True(network.Reaches(network.OutsideName, "10.88.0.2"));
        network.Sandbox.RunOnHost("iptables -F CNI-ADMIN");
        network.Delete("blue");
        Assert.DoesNotContain("10.88.0.2", network.Rules());
    }

    // The chain is another's base chain: its drop comes behind ours, and only what is accepted there too goes on.
    [Fact]
    public void The_administrators_chain_of_nftables_comes_first()
    {
        using FirewallNetwork network = new(Nftables);
        network.Add("blue");
        Assert.True(network.Reaches(network.OutsideName, "10.88.0.2"));
        network.Sandbox.RunOnHost("nft add rule inet cnips forward-admin ip daddr 10.88.0.2 drop");
        Assert.False(network.Reaches(network.OutsideName, "10.88.0.2"));
    }

    [Theory]
    [InlineData(Iptables, "same-bridge")]
    [InlineData(Nftables, "same-bridge")]
    [InlineData(Iptables, "isolated")]
    [InlineData(Nftables, "isolated")]
    public void Networks_with_a_policy_do_not_reach_each_other(string backend, string policy)
    {
        string keys = $"{backend}, \"ingressPolicy\": \"{policy}\"";
        using FirewallNetwork network = new(keys);
        // Frames inside a bridge are filtered only where the kernel is told to.
        Assert.SkipUnless(
            policy == "same-bridge" || Sandbox.TryRun($"ip netns exec {network.Sandbox.HostName} sysctl -qw net.bridge.bridge-nf-call-iptables=1").Status == 0,
            "this kernel does not filter inside bridges (br_netfilter)");
        NetworkConfigurationList two = network.List("two", "10.99.0.0/16", keys), open = network.List("open", "10.77.0.0/16", backend);
        network.Add("blue");
        network.Add("red");
        network.Add("green", two);
        network.Add("white", open);
        Assert.False(network.Reaches(network.Container("blue"), "10.99.0.2"));
        Assert.False(network.Reaches(network.Container("green"), "10.88.0.2"));
        Assert.True(network.Reaches(network.Container("white"), "10.88.0.2"));
        Assert.True(network.Reaches(network.Container("blue"), FirewallNetwork.Outside));
        Assert.Equal(policy == "same-bridge", network.Reaches(network.Container("blue"), "10.88.0.3"));
    }

    [Theory]
    [InlineData(Iptables)]
    [InlineData(Nftables)]
    public void GC_removes_what_nobody_uses(string backend)
    {
        using FirewallNetwork network = new($"{backend}, \"ingressPolicy\": \"same-bridge\"");
        network.Container("blue");
        string before = network.Snapshot();
        network.Add("blue");
        network.Delete("blue");
        network.Runtime.CollectGarbage(network.Default, []);
        Assert.Equal(before, network.Snapshot());
    }

    [Fact]
    public void GC_of_nftables_knows_whose_address_is_left()
    {
        using FirewallNetwork network = new(Nftables);
        network.Add("blue");
        network.Add("red");
        network.Runtime.CollectGarbage(List("one", Nftables), [new AttachmentKey("red", "eth0")]);
        Assert.DoesNotContain("one eth0 blue", network.Ruleset);
        Assert.Contains("one eth0 red", network.Ruleset);
    }

    [Fact]
    public void A_plan_says_what_is_done()
    {
        using FirewallNetwork network = new($"{Iptables}, \"ingressPolicy\": \"isolated\"");
        PlannedHost plan = new(network.Sandbox.Host);
        CniRuntime runtime = new(plan, RuntimeOptions.Default with { CacheFolder = network.Sandbox.CacheFolder, PluginSource = PluginSource.Native });
        runtime.Add(network.Default, network.Attachment("blue"));
        Assert.Empty(runtime.Check(network.Default, network.Attachment("blue")));
        Assert.Contains(plan.Steps, step => step.Text.EndsWith("iptables -w -t filter -A CNI-FORWARD -s 10.88.0.2/32 -j ACCEPT", StringComparison.Ordinal));
        Assert.Equal("", network.Rules());
    }

    [Theory]
    [InlineData("\"ingressPolicy\": \"zzz\"", "unknown ingress policy: \"zzz\"")]
    [InlineData("\"iptablesAdminChainName\": \"a b\"", "\"a b\" is no name for a chain")]
    public void What_is_wrong_with_a_configuration_is_said(string keys, string message)
    {
        using FirewallNetwork network = new(keys);
        Assert.Contains(message, Assert.ThrowsAny<CniException>(() => network.Add("blue")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_name_for_the_administrators_chain()
    {
        using FirewallNetwork network = new($"{Iptables}, \"iptablesAdminChainName\": \"MINE\"");
        network.Add("blue");
        Assert.Contains("-A CNI-FORWARD -m comment --comment \"CNI firewall plugin admin overrides\" -j MINE", network.Rules());
        Assert.DoesNotContain("CNI-ADMIN", network.Rules());
    }

    [Fact]
    public void Without_a_backend_there_is_iptables_and_an_unknown_one_is_taken_for_none()
    {
        using FirewallNetwork network = new("\"backend\": \"\"", sandbox => new LinuxHost(NetworkNamespace.Open(NamedNamespaces.PathOf(sandbox.HostName))) { SystemBusAddress = "unix:path=/nonexistent" });
        network.Add("blue");
        Assert.Contains("-A CNI-FORWARD -s 10.88.0.2/32 -j ACCEPT", network.Rules());
        network.Add("red", network.List("two", "10.99.0.0/16", "\"backend\": \"zzz\""));
        Assert.Contains("-A CNI-FORWARD -s 10.99.0.2/32 -j ACCEPT", network.Rules());
    }

    // Only firewall: what bridge makes stays.
    private static NetworkConfigurationList List(string name, string keys) => NetworkConfigurationList.Parse(System.Text.Encoding.UTF8.GetBytes(
        $$"""{"cniVersion": "1.1.0", "name": "{{name}}", "plugins": [{"type": "firewall", {{keys}}}]}"""));
}
