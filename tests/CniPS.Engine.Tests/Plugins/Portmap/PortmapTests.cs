using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>What portmap makes, finds wrong and removes.</summary>
public sealed class PortmapTests
{
    private static readonly string s_several =
        $"{Mapping(8080, 80)}, {Mapping(8081, 81, hostIP: "127.0.0.1")}, {Mapping(5353, 53, "udp")}, {Mapping(8082, 82, hostIP: "::1")}, {Mapping(8083, 83, hostIP: "0.0.0.0")}";

    /// <summary>The two backends, and conditions that the program nft is needed for.</summary>
    public static TheoryData<string> Kinds => ["\"backend\": \"nftables\"", "\"backend\": \"iptables\"", PortmapConditionTests.Keys];

    [Fact]
    public void The_ruleset_says_whom_it_serves()
    {
        using PortmapNetwork network = new();
        network.Add("blue", s_several);
        string rules = network.Ruleset;
        Assert.Contains("tcp . 8080 comment \"mynet eth0 blue\" : 10.88.0.2 . 80", rules);
        Assert.Contains("127.0.0.1 . tcp . 8081 comment \"mynet eth0 blue\" : 10.88.0.2 . 81", rules);
        Assert.Contains("udp . 5353 comment \"mynet eth0 blue\" : fd00:88::2 . 53", rules);
        Assert.Contains("::1 . tcp . 8082 comment \"mynet eth0 blue\" : fd00:88::2 . 82", rules);
        Assert.DoesNotContain("fd00:88::2 . 83", rules);
        Assert.Contains("10.88.0.2 . 127.0.0.0 comment \"mynet eth0 blue\"", rules);
        Assert.Equal("1\n", network.Sandbox.RunOnHost("cat /proc/sys/net/ipv4/conf/br-mynet/route_localnet"));
        Assert.DoesNotContain(network.Steps, step => step.Contains("iptables", StringComparison.Ordinal));
    }

    // As recorded from the Go plugin, 1.9.1.
    [Fact]
    public void The_chains_of_iptables_are_those_of_the_Go_plugin()
    {
        using PortmapNetwork network = new("\"backend\": \"iptables\"");
        NetworkConfigurationList n1 = network.List("n1", "\"backend\": \"iptables\"");
        network.Add("c1", $"{Mapping(8080, 80)}, {Mapping(8081, 81, hostIP: "127.0.0.1")}, {Mapping(8082, 82, hostIP: "::1")}, {Mapping(8083, 83, hostIP: "0.0.0.0")}, {Mapping(5353, 53, "udp")}", n1);
        Assert.Equal(
            """
            -N CNI-DN-7be53730afe4dc6eb2178
            -N CNI-HOSTPORT-DNAT
            -N CNI-HOSTPORT-MASQ
            -N CNI-HOSTPORT-SETMARK
            -A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
            -A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
            -A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ
            -A CNI-DN-7be53730afe4dc6eb2178 -s 10.88.0.0/16 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -s 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80
            -A CNI-DN-7be53730afe4dc6eb2178 -s 10.88.0.0/16 -d 127.0.0.1/32 -p tcp -m tcp --dport 8081 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -s 127.0.0.1/32 -d 127.0.0.1/32 -p tcp -m tcp --dport 8081 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -d 127.0.0.1/32 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 10.88.0.2:81
            -A CNI-DN-7be53730afe4dc6eb2178 -s 10.88.0.0/16 -p tcp -m tcp --dport 8083 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -s 127.0.0.1/32 -p tcp -m tcp --dport 8083 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -p tcp -m tcp --dport 8083 -j DNAT --to-destination 10.88.0.2:83
            -A CNI-DN-7be53730afe4dc6eb2178 -s 10.88.0.0/16 -p udp -m udp --dport 5353 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -s 127.0.0.1/32 -p udp -m udp --dport 5353 -j CNI-HOSTPORT-SETMARK
            -A CNI-DN-7be53730afe4dc6eb2178 -p udp -m udp --dport 5353 -j DNAT --to-destination 10.88.0.2:53
            -A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \"n1\" id: \"c1\"" -m multiport --dports 8080,8081,8082,8083 -j CNI-DN-7be53730afe4dc6eb2178
            -A CNI-HOSTPORT-DNAT -p udp -m comment --comment "dnat name: \"n1\" id: \"c1\"" -m multiport --dports 5353 -j CNI-DN-7be53730afe4dc6eb2178
            -A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE
            -A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000

            """,
            network.Sandbox.RunOnHost("iptables -t nat -S | grep -v '^-P'"));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void An_attachment_comes_and_goes_twice(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("red", Mapping(9000, 90));
        network.Container("blue");
        string before = network.Snapshot();
        network.Add("blue", s_several);
        Assert.Empty(network.Check("blue", s_several));
        network.Delete("blue", s_several);
        network.Delete("blue", s_several);
        Assert.Equal(before, network.Snapshot());
        Assert.Empty(network.Check("red", Mapping(9000, 90)));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void DEL_needs_no_mappings_no_namespace_and_no_result(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("red", Mapping(9000, 90));
        network.Add("blue", s_several);
        Attachment bare = network.Attachment("blue", "") with { NetNS = "", CapabilityArgs = [] };
        string cache = network.Sandbox.CacheFolder + "/results/mynet-blue-eth0";
        System.IO.File.Delete(cache);
        network.Runtime.Delete(network.Default, bare);
        Assert.DoesNotContain("10.88.0.3", network.Ruleset);
        Assert.DoesNotContain("fd00:88::3", network.Ruleset);
        Assert.Empty(network.Check("red", Mapping(9000, 90)));
    }

    [Theory]
    [InlineData("nftables", "container red (interface eth0, network mynet) has it")]
    [InlineData("iptables", "dnat name: \"mynet\" id: \"red\" has it")]
    public void A_port_that_is_taken_is_refused_before_anything_is_made(string backend, string owner)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("red", Mapping(8080, 90));
        network.Container("blue");
        string before = network.Snapshot();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue", $"{Mapping(8079, 80)}, {Mapping(8080, 80)}"));
        Assert.Equal(CniErrorIds.PortTaken, e.ErrorId);
        Assert.Equal("portmap", e.PluginType);
        Assert.Contains("host port 8080/tcp is taken: " + owner, e.Message);
        Assert.Equal(before, network.Snapshot());
        network.Delete("red", Mapping(8080, 90));
        network.Add("blue", Mapping(8080, 80));
    }

    // What a container left behind whose address was given to this one: nobody else can want it.
    [Fact]
    public void A_port_of_a_leftover_with_our_address_is_taken_over()
    {
        using PortmapNetwork network = new();
        network.Add("red", Mapping(8080, 80));
        string element = "{ tcp . 8080 comment \"gone eth0 gone\" : 10.88.0.2 . 80 }";
        network.Sandbox.RunOnHost("nft delete element inet cnips ports4 '{ tcp . 8080 }'");
        network.Sandbox.RunOnHost($"nft add element inet cnips ports4 '{element}'");
        Difference difference = Assert.Single(network.Check("red", Mapping(8080, 80)));
        Assert.Contains("container gone (interface eth0, network gone)", difference.Message);
        network.Sandbox.Host.Apply(difference.Repair);
        Assert.Empty(network.Check("red", Mapping(8080, 80)));
    }

    [Fact]
    public void The_same_mapping_twice_is_one_and_two_for_one_port_are_an_error()
    {
        using PortmapNetwork network = new();
        network.Add("blue", $"{Mapping(8080, 80)}, {Mapping(8080, 80)}");
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("red", $"{Mapping(8081, 80)}, {Mapping(8081, 81)}"));
        Assert.Contains("host port 8081/tcp is mapped to two ports of the container", e.Message);
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void CHECK_finds_every_difference_and_how_to_mend_it(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        network.Add("blue", s_several);
        foreach (string damage in Damages(backend))
        {
            network.Sandbox.RunOnHost($"sh -c \"{damage}\"");
            IReadOnlyList<Difference> differences = network.Check("blue", s_several);
            Assert.NotEmpty(differences);
            Assert.All(differences, difference => Assert.Equal("portmap", difference.PluginType));
            network.Sandbox.Host.Apply([.. differences.SelectMany(difference => difference.Repair).Distinct()]);
            Assert.Empty(network.Check("blue", s_several));
        }
    }

    private static string[] Damages(string backend) =>
    [
        "echo 0 > /proc/sys/net/ipv4/conf/br-mynet/route_localnet",
        .. backend == "nftables"
            ? (string[])
            [
                "nft delete element inet cnips ports4 { tcp . 8080 }",
                "nft delete element inet cnips ports6 { udp . 5353 }; nft delete element inet cnips hairpin4-16 { 10.88.0.2 . 127.0.0.0 }",
                "nft delete table inet cnips",
            ]
            : ["iptables -t nat -F CNI-HOSTPORT-DNAT", "ip6tables -t nat -F", "iptables -t nat -D POSTROUTING 1", "iptables -t nat -F; iptables -t nat -X"],
    ];

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void GC_removes_what_no_valid_attachment_has_and_no_other_networks(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        NetworkConfigurationList other = network.List("other", $"\"backend\": \"{backend}\"", subnet: "10.99.0.0/16", subnet6: "fd00:99::/64", isDefault: false);
        network.Add("blue", Mapping(8080, 80));
        network.Add("red", Mapping(8081, 80));
        network.Add("red", Mapping(8082, 80), other, "eth1");
        network.Runtime.CollectGarbage(network.Default, [new AttachmentKey("blue", "eth0")]);
        string rules = network.Ruleset;
        Assert.Contains("8080", rules);
        Assert.DoesNotContain("8081", rules);
        Assert.Contains("8082", rules);
        network.Runtime.CollectGarbage(network.Default, []);
        network.Runtime.CollectGarbage(other, []);
        if (backend == "nftables")
        {
            Assert.DoesNotContain("ports", network.Ruleset);
        }
        else
        {
            Assert.DoesNotContain("CNI-DN-", network.Ruleset);
        }
    }

    // The Go plugin's nftables backend names the container only, and removes its ports on all networks.
    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void DEL_leaves_the_containers_ports_on_another_network(string backend)
    {
        using PortmapNetwork network = new($"\"backend\": \"{backend}\"");
        NetworkConfigurationList other = network.List("other", $"\"backend\": \"{backend}\"", subnet: "10.99.0.0/16", subnet6: "fd00:99::/64", isDefault: false);
        network.Add("blue", Mapping(8080, 80));
        network.Add("blue", Mapping(8081, 80), other, "eth1");
        network.Delete("blue", Mapping(8080, 80));
        Assert.DoesNotContain("8080", network.Ruleset);
        Assert.Contains("8081", network.Ruleset);
        Assert.Empty(network.Runtime.Check(other, network.Attachment("blue", Mapping(8081, 80), "eth1")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_plan_is_what_is_done(string keys)
    {
        using PortmapNetwork network = new(keys);
        Attachment blue = network.Attachment("blue", s_several);
        string before = network.Snapshot();
        PlannedHost plan = new(network.Sandbox.Host);
        CniRuntime planner = new(plan, RuntimeOptions.Default with { CacheFolder = network.Sandbox.CacheFolder, PluginSource = PluginSource.Native });
        planner.Add(network.Default, blue);
        Assert.Equal(before, network.Snapshot());
        network.Runtime.Add(network.Default, blue);
        string[] planned = [.. plan.Steps.Select(step => step.Text).Where(IsOurs)];
        Assert.NotEmpty(planned);
        Assert.Equal(planned, network.Steps.Where(IsOurs));

        static bool IsOurs(string step) =>
            step.Contains("nft ", StringComparison.Ordinal) || step.Contains("tables ", StringComparison.Ordinal)
            || step.Contains("conntrack", StringComparison.Ordinal) || step.Contains("route_localnet", StringComparison.Ordinal);
    }

    // iptables' rules are made and undone by a program each: each third of them; with CNIPS_CRASH=all each.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_ADD_that_fails_at_any_step_leaves_nothing(string keys)
    {
        int stride = keys.Contains("iptables", StringComparison.Ordinal) && Environment.GetEnvironmentVariable("CNIPS_CRASH") != "all" ? 3 : 1;
        using PortmapNetwork network = new(keys);
        Attachment blue = network.Attachment("blue", s_several);
        string before = network.Snapshot();
        for (int strike = 1; ; strike += stride)
        {
            int left = strike;
            CountingHost host = new(network.Sandbox.Host, () =>
            {
                if (--left == 0)
                {
                    throw new Linux.LinuxException("strike", 5);
                }
            });
            CniRuntime runtime = new(host, RuntimeOptions.Default with { CacheFolder = network.Sandbox.CacheFolder, PluginSource = PluginSource.Native });
            try
            {
                runtime.Add(network.Default, blue);
                Assert.True(strike > 10);
                return;
            }
            catch (CniException)
            {
                Assert.Equal(before, network.Snapshot());
            }
        }
    }

    [Theory]
    [InlineData("\"backend\": \"x\"", "unrecognized backend \"x\"")]
    [InlineData("\"markMasqBit\": 32", "MasqMarkBit must be between 0 and 31")]
    [InlineData("\"markMasqBit\": 1, \"externalSetMarkChain\": \"X\"", "Cannot specify externalSetMarkChain and markMasqBit")]
    [InlineData("\"backend\": \"nftables\", \"conditionsV4\": [\"-s\", \"1.2.3.4\"]", "nftables backend was requested but configuration contains iptables-specific options [conditionsV4]")]
    [InlineData("\"backend\": \"iptables\", \"conditionsV6\": [\"ip6 saddr ::1\"]", "iptables backend was requested but configuration contains nftables-specific options [conditionsV6]")]
    [InlineData("\"conditionsV4\": [\"ip6 saddr ::1\"]", "condition \"ip6 saddr ::1\": no packet of IPv4 has an \"ip6 saddr\"")]
    [InlineData("\"conditionsV4\": [\"ip saddr 1.2.3.4; flush ruleset\"]", "condition \"ip saddr 1.2.3.4; flush ruleset\": ';' would end the rule")]
    public void A_configuration_that_can_not_be_served_is_refused(string keys, string message)
    {
        using PortmapNetwork network = new(keys);
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue", Mapping(8080, 80)));
        Assert.Contains(message, e.Message);
    }

    [Theory]
    [InlineData("{\"hostPort\": 0, \"containerPort\": 80, \"protocol\": \"tcp\"}", "Invalid host port number: 0")]
    [InlineData("{\"hostPort\": 80, \"containerPort\": -80, \"protocol\": \"tcp\"}", "Invalid container port number: -80")]
    [InlineData("{\"hostPort\": 65536, \"containerPort\": 80, \"protocol\": \"tcp\"}", "Invalid host port number: 65536")]
    [InlineData("{\"hostPort\": 80, \"containerPort\": 80, \"protocol\": \"icmp\"}", "unknown protocol \"icmp\"")]
    [InlineData("{\"hostPort\": 80, \"containerPort\": 80, \"hostIP\": \"x\"}", "hostIP")]
    public void A_mapping_that_is_none_is_refused(string mapping, string message)
    {
        using PortmapNetwork network = new();
        CniException e = Assert.ThrowsAny<CniException>(() => network.Add("blue", mapping));
        Assert.Contains(message, e.Message);
    }

    [Theory]
    [InlineData("{\"hostPort\": 80, \"containerPort\": 80, \"protocol\": \"TCP\"}")]
    [InlineData("{\"hostPort\": 80, \"containerPort\": 80}")]
    public void A_protocol_in_capitals_or_none_is_TCP(string mapping)
    {
        using PortmapNetwork network = new();
        network.Add("blue", mapping);
        Assert.Contains("tcp . 80 comment \"mynet eth0 blue\" : 10.88.0.2 . 80", network.Ruleset);
    }

    [Theory]
    [InlineData("\"externalSetMarkChain\": \"KUBE-MARK-MASQ\"", "-s 10.88.0.0/16 -p tcp -m tcp --dport 8080 -j KUBE-MARK-MASQ", "CNI-HOSTPORT-MASQ")]
    [InlineData("\"backend\": \"iptables\", \"markMasqBit\": 4", "-A CNI-HOSTPORT-MASQ -m mark --mark 0x10/0x10 -j MASQUERADE", "0x2000")]
    public void Marks_of_iptables_are_as_configured(string keys, string has, string hasNot)
    {
        using PortmapNetwork network = new(keys);
        network.Sandbox.RunOnHost("iptables -t nat -N KUBE-MARK-MASQ");
        network.Sandbox.RunOnHost("ip6tables -t nat -N KUBE-MARK-MASQ");
        network.Add("blue", Mapping(8080, 80));
        string rules = network.Sandbox.RunOnHost("iptables -t nat -S");
        Assert.Contains(has, rules);
        Assert.DoesNotContain(hasNot, rules);
    }

    [Fact]
    public void A_thousand_mappings_are_one_transaction()
    {
        using PortmapNetwork network = new();
        string mappings = string.Join(',', Enumerable.Range(20000, 1000).Select(port => Mapping(port, port)));
        network.Add("blue", mappings);
        Assert.Equal(2000, network.Ruleset.Split("\"mynet eth0 blue\" : ").Length - 1);
        Assert.Empty(network.Check("blue", mappings));
        network.Delete("blue", mappings);
        Assert.DoesNotContain("blue", network.Ruleset);
    }

    [Fact]
    public void Without_mappings_there_is_nothing_to_do()
    {
        using PortmapNetwork network = new();
        network.Add("blue", "");
        Assert.DoesNotContain("ports", network.Ruleset);
        Assert.Empty(network.Check("blue", ""));
        network.Delete("blue", "");
    }

    [Fact]
    public void STATUS_is_well_where_the_backend_can_be_used()
    {
        using PortmapNetwork network = new();
        network.Runtime.Status(network.Default);
        network.Runtime.Status(network.List("legacy", "\"backend\": \"iptables\""));
        Assert.ThrowsAny<CniException>(() => network.Runtime.Status(network.List("wrong", "\"backend\": \"x\"")));
    }
}
