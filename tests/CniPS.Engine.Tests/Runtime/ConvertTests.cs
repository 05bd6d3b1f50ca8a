using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using CniPS.Engine.Tests.Plugins;
using CniPS.Engine.Tests.Plugins.Portmap;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Runtime;

/// <summary>The rules of living attachments, turned into their other form.</summary>
public sealed class ConvertTests
{
    private const string Masquerading = "-s 10.15.20.2/32 -m comment --comment \"name: \\\"mybridge\\\" id: \\\"blue\\\"\"";

    public ConvertTests() => Assert.SkipUnless(File.Exists("/usr/sbin/iptables"), "needs iptables");

    [Fact]
    public void A_ptp_s_masquerading_goes_and_comes_back()
    {
        using TestNetwork network = new();
        network.Use("{\"type\": \"ptp\", \"ipMasq\": true, @IPAM@}");
        network.Add("blue");
        Assert.Equal(["ptp"], Convert(network, RuleBackend.Iptables));
        Assert.Contains(Masquerading, Saved(network));
        Assert.DoesNotContain("cnips", network.Sandbox.RunOnHost("nft list tables"));
        Assert.Contains("\"ipMasqBackend\":\"iptables\"", Cached(network));
        Assert.Empty(network.Runtime.Check(Find(network)));

        Assert.Equal(["ptp"], Convert(network, RuleBackend.Nftables));
        Assert.DoesNotContain("CNI-", Saved(network));
        Assert.Contains("10.15.20.2 . 10.15.20.0 comment \"mybridge eth0 blue\"", network.Sandbox.RunOnHost("nft list ruleset"));
        Assert.Contains("\"ipMasqBackend\":\"nftables\"", Cached(network));
        network.Delete("blue");
    }

    [Fact]
    public void A_flannel_s_masquerading_is_its_delegate_s()
    {
        using TestNetwork network = new();
        string file = Path.Combine(network.Sandbox.Folder, "subnet.env");
        File.WriteAllText(file, "FLANNEL_NETWORK=10.15.0.0/16\nFLANNEL_SUBNET=10.15.20.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=false\n");
        network.Use(
            $$$"""
            {"type": "flannel", "subnetFile": "{{{file}}}", "dataDir": "{{{network.Sandbox.Folder}}}/flannel", "delegate": {"hairpinMode": true},
             "ipam": {"type": "host-local", "dataDir": "{{{network.Sandbox.DataFolder}}}"}}
            """);
        network.Add("blue");
        Assert.Equal(["flannel"], Convert(network, RuleBackend.Iptables));
        Assert.Contains(Masquerading, Saved(network));
        Assert.Contains("\"delegate\":{\"hairpinMode\":true,\"ipMasqBackend\":\"iptables\"}", Cached(network));
        Assert.Empty(network.Runtime.Check(Find(network)));
        network.Delete("blue");
        Assert.DoesNotContain("CNI-", Saved(network));
    }

    // That is Repair's business.
    [Fact]
    public void What_is_not_there_is_not_made()
    {
        using TestNetwork network = new("\"ipMasq\": true");
        network.Add("blue");
        network.Sandbox.RunOnHost("nft flush ruleset");
        string cached = Cached(network);
        Assert.Empty(Convert(network, RuleBackend.Iptables));
        Assert.DoesNotContain("CNI-", Saved(network));
        Assert.Equal(cached, Cached(network));
    }

    [Fact]
    public void A_network_without_rules_stays_as_it_is()
    {
        using TestNetwork network = new();
        network.Add("blue");
        string before = network.Snapshot(), cached = Cached(network);
        Assert.Empty(Convert(network, RuleBackend.Iptables));
        Assert.Equal(before, network.Snapshot());
        Assert.Equal(cached, Cached(network));
    }

    // One network's port leads to the container, the other's waits: turned one after the other, both stay right.
    [Fact]
    public void The_ports_of_a_container_on_two_networks_are_turned_one_by_one()
    {
        using PortmapNetwork network = new();
        NetworkConfigurationList two = network.List("two", subnet: "10.99.0.0/16", subnet6: "fd00:99::/64", isDefault: false);
        string ports = $"{Mapping(8080, 80)}, {Mapping(5353, 53, "udp")}";
        network.Add("blue", ports);
        network.Add("blue", ports, two, "eth1");
        foreach (RuleBackend backend in (RuleBackend[])[RuleBackend.Iptables, RuleBackend.Nftables])
        {
            foreach ((string name, string interfaceName) in ((string, string)[])[("mynet", "eth0"), ("two", "eth1")])
            {
                CachedAttachment cached = network.Runtime.Cache.Find(name, "blue", interfaceName)!;
                Assert.Equal(["portmap"], network.Runtime.Convert(cached, backend));
                Assert.Empty(network.Runtime.Check(network.Runtime.Cache.Find("mynet", "blue", "eth0")!));
                Assert.Empty(network.Runtime.Check(network.Runtime.Cache.Find("two", "blue", "eth1")!));
            }
        }

        network.Delete("blue", ports);
        Assert.Empty(network.Runtime.Check(network.Runtime.Cache.Find("two", "blue", "eth1")!));
        network.Delete("blue", ports, two, "eth1");
        Assert.DoesNotContain("8080", network.Ruleset);
    }

    private static CachedAttachment Find(TestNetwork network) => network.Runtime.Cache.Find("mybridge", "blue", "eth0")!;

    private static IReadOnlyList<string> Convert(TestNetwork network, RuleBackend to) => network.Runtime.Convert(Find(network), to);

    private static string Cached(TestNetwork network) => Encoding.UTF8.GetString(Find(network).ConfigBytes.Span);

    private static string Saved(TestNetwork network) => network.Sandbox.RunOnHost("sh -c 'iptables-save; ip6tables-save'");
}
