using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>Masquerading by nf_tables and by iptables, and what the Go plugins leave behind in either.</summary>
public sealed class MasqueradeBackendTests
{
    private const string Iptables = "\"ipMasq\": true, \"ipMasqBackend\": \"iptables\"";

    private const string BothFamilies = "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]], \"routes\": [{\"dst\": \"0.0.0.0/0\"}]";

    public MasqueradeBackendTests() => Assert.SkipUnless(File.Exists("/usr/sbin/iptables"), "needs iptables");

    [Fact]
    public void With_iptables_the_rules_are_the_Go_plugin_s()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/cni/bridge"), "needs the Go plugins in /usr/lib/cni (Debian: containernetworking-plugins)");
        string[] saved = new string[2];
        foreach (PluginSource source in (PluginSource[])[PluginSource.Native, PluginSource.Path])
        {
            using TestNetwork network = new(Iptables, BothFamilies);
            RuntimeOf(network, source).Add(network.List, network.Attachment("blue"));
            saved[source == PluginSource.Native ? 0 : 1] = Saved(network);
        }

        Assert.Contains("-j MASQUERADE", saved[0]);
        Assert.Equal(saved[1], saved[0]);
    }

    [Fact]
    public void Iptables_masquerades_what_leaves_the_subnet()
    {
        using TestNetwork network = new(Iptables);
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
    public void CHECK_looks_into_iptables_and_mends_it()
    {
        using TestNetwork network = new(Iptables, BothFamilies);
        network.Add("blue");
        Assert.Empty(network.Check("blue"));
        network.Sandbox.RunOnHost("iptables -t nat -F POSTROUTING");
        network.Sandbox.RunOnHost("ip6tables -t nat -F");
        IReadOnlyList<Difference> differences = network.Check("blue");
        Assert.Equal(["masquerading of 10.15.20.2", "masquerading of fd00:15::2"], differences.Select(d => d.Subject));
        foreach (Difference difference in differences)
        {
            network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void A_container_s_interfaces_share_a_chain_that_goes_with_the_last()
    {
        using TestNetwork network = new(Iptables, "\"subnet\": \"10.15.20.0/24\"");
        network.Add("blue");
        network.Add("blue", "eth1");
        network.Delete("blue");
        string saved = Saved(network);
        Assert.Contains("-s 10.15.20.3/32", saved);
        Assert.DoesNotContain("-s 10.15.20.2/32", saved);
        Assert.Contains("-j MASQUERADE", saved);
        network.Delete("blue", "eth1");
        Assert.DoesNotContain("CNI-", Saved(network));
    }

    [Fact]
    public void A_failed_ADD_leaves_nothing_in_iptables()
    {
        // ip6tables comes after iptables, and finds a table that it can't read.
        using TestNetwork network = new(Iptables, BothFamilies);
        network.Container("blue");
        network.Sandbox.RunOnHost("iptables -t nat -A POSTROUTING -s 10.9.9.9 -j ACCEPT");
        network.Sandbox.RunOnHost(
            "nft 'add table ip6 nat; add chain ip6 nat POSTROUTING { type filter hook forward priority 0; }; add rule ip6 nat POSTROUTING meta mark set numgen random mod 2'");
        network.Forward();
        string before = network.Snapshot();
        Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        string chain = ChainOf("mybridge", "blue");
        Assert.Contains(network.Steps, step => step.Contains("iptables", StringComparison.Ordinal) && step.Contains(chain, StringComparison.Ordinal));
        Assert.Equal(before, network.Snapshot());
    }

    [Fact]
    public void The_backend_may_change_between_ADD_and_DEL()
    {
        using TestNetwork network = new(Iptables);
        NetworkConfigurationList iptables = network.List, nftables = network.Make("\"ipMasq\": true");
        network.Add("blue");
        network.List = nftables;
        network.Delete("blue");
        Assert.DoesNotContain("CNI-", Saved(network));
        network.Add("blue");
        network.List = iptables;
        network.Delete("blue");
        Assert.DoesNotContain("10.15.20.2", network.Sandbox.RunOnHost("nft list ruleset"));
    }

    [Fact]
    public void An_unknown_backend_is_found_before_anything_is_made()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"ipMasqBackend\": \"foo\"");
        network.Container("blue");
        string before = network.Snapshot();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue"));
        Assert.Equal(CniErrorIds.InvalidNetworkConfig, e.ErrorId);
        Assert.Contains("unknown ipmasq backend \"foo\"", e.Message);
        Assert.NotNull(e.Position);
        Assert.Equal(before, network.Snapshot());
    }

    [Theory]
    [InlineData("bridge", false)]
    [InlineData("bridge", true)]
    [InlineData("ptp", false)]
    [InlineData("ptp", true)]
    public void What_the_Go_program_made_in_iptables_goes_with_DEL(string type, bool namespaceIsGone)
    {
        using TestNetwork network = GoNetwork(type);
        network.Add("stays"); // ours, by nf_tables
        CniRuntime go = RuntimeOf(network, PluginSource.Path);
        go.Add(network.List, network.Attachment("blue"));
        go.Add(network.List, network.Attachment("other"));
        Assert.Contains(ChainOf("mybridge", "blue"), Saved(network));
        Attachment blue = network.Attachment("blue");
        if (namespaceIsGone)
        {
            network.Sandbox.RemoveNamespace(network.Container("blue"));
            blue = blue with { NetNS = "" };
        }

        // Another program's ADD is in no cache of ours.
        WithoutCache(network).Delete(network.List, blue);
        string saved = Saved(network);
        Assert.DoesNotContain(ChainOf("mybridge", "blue"), saved);
        Assert.Contains(ChainOf("mybridge", "other"), saved);
        Assert.Contains("mybridge eth0 stays", network.Sandbox.RunOnHost("nft list ruleset"));
        WithoutCache(network).Delete(network.List, blue);
        Assert.Equal(saved, Saved(network));
    }

    [Theory]
    [InlineData("bridge")]
    [InlineData("ptp")]
    public void What_the_Go_program_made_in_iptables_goes_with_GC(string type)
    {
        using TestNetwork network = GoNetwork(type);
        CniRuntime go = RuntimeOf(network, PluginSource.Path);
        foreach (string name in (string[])["blue", "other"])
        {
            go.Add(network.List, network.Attachment(name));
        }

        go.Add(GoNetworkList(network, type, "foreign"), network.Attachment("elsewhere"));
        network.RemoveContainer("blue");
        WithoutCache(network).CollectGarbage(GoNetworkList(network, type, "mybridge", "1.1.0"), [new AttachmentKey("other", "eth0")]);
        string saved = Saved(network);
        Assert.DoesNotContain(ChainOf("mybridge", "blue"), saved);
        Assert.Contains(ChainOf("mybridge", "other"), saved);
        Assert.Contains(ChainOf("foreign", "elsewhere"), saved);
        Assert.Equal(2, saved.Split("-A POSTROUTING").Length - 1);
    }

    [Fact]
    public void What_the_Go_program_made_in_nf_tables_goes_with_DEL_and_GC()
    {
        using TestNetwork network = new("\"ipMasq\": true", version: "1.1.0");
        RecordGoRules(network, "goldnet", "eth0", "ctr1", "73aee4926eb927bd-7883a6f9ce71eedb"); // as recorded of 1.9.1
        Assert.Equal("73aee4926eb927bd-7883a6f9ce71eedb", GoHashes("goldnet", "eth0", "ctr1"));
        foreach (string id in (string[])["blue", "red", "green"])
        {
            RecordGoRules(network, "mybridge", "eth0", id, GoHashes("mybridge", "eth0", id));
        }

        WithoutCache(network).Delete(network.List, network.Attachment("blue"));
        Assert.Equal(["ctr1", "red", "green"], GoRules(network));
        WithoutCache(network).CollectGarbage(network.List, [new AttachmentKey("red", "eth0"), new AttachmentKey("green", "eth1")]);
        Assert.Equal(["ctr1", "red"], GoRules(network));
    }

    private static TestNetwork GoNetwork(string type)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/cni/bridge"), "needs the Go plugins in /usr/lib/cni (Debian: containernetworking-plugins)");
        TestNetwork network = new();
        network.List = GoNetworkList(network, type, "mybridge");
        return network;
    }

    private static NetworkConfigurationList GoNetworkList(TestNetwork network, string type, string name, string version = "1.0.0") =>
        network.Make($"\"ipMasq\": true, \"type\": \"{type}\"", $"\"subnet\": \"10.15.31.0/24\", \"rangeStart\": \"10.15.31.{(name == "mybridge" ? 2 : 200)}\"", version, name);

    private static CniRuntime RuntimeOf(TestNetwork network, PluginSource source) =>
        new(network.Sandbox.Host, network.Options with { PluginSource = source, PluginPath = ["/usr/lib/cni"] });

    private static CniRuntime WithoutCache(TestNetwork network) =>
        new(network.Sandbox.Host, network.Options with { CacheFolder = network.Sandbox.Folder + "/empty" });

    private static string Saved(TestNetwork network)
    {
        IEnumerable<string> lines = network.Sandbox.RunOnHost("iptables-save -t nat").Split('\n')
            .Concat(network.Sandbox.RunOnHost("ip6tables-save -t nat").Split('\n'))
            .Where(line => line.StartsWith("-A", StringComparison.Ordinal) || line.StartsWith(":CNI", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }

    private static string ChainOf(string network, string id) => "CNI-" + Sha512Sum(network + id)[..24];

    private static string GoHashes(string network, string interfaceName, string id) =>
        $"{Sha512Sum(network)[..16]}-{Sha512Sum($"{interfaceName}:{id}")[..16]}";

    private static string Sha512Sum(string text) => Sandbox.Run($"printf %s '{text}' | sha512sum");

    private static void RecordGoRules(TestNetwork network, string name, string interfaceName, string id, string hashes) =>
        network.Sandbox.RunOnHost(
            "nft 'add table inet cni_plugins_masquerade; add chain inet cni_plugins_masquerade masq_checks; "
            + "add rule inet cni_plugins_masquerade masq_checks ip saddr 10.15.20.239 ip daddr != 10.88.0.0/16 masquerade "
            + $"comment \"{hashes}, net: {name}, if: {interfaceName}, id: {id}\"'");

    private static IEnumerable<string> GoRules(TestNetwork network) =>
        network.Sandbox.RunOnHost("nft list chain inet cni_plugins_masquerade masq_checks").Split('\n')
            .Where(line => line.Contains("id: ", StringComparison.Ordinal)).Select(line => line.Split("id: ")[1].TrimEnd('"'));
}
