using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>sbr: what it makes, which way packets go then, what it finds wrong and removes.</summary>
public sealed class SbrTests : IDisposable
{
    private readonly TestNetwork _network = new();

    // Of two interfaces the first has the way out: what is sent from the second one's address leaves by the second one all the same.
    [Fact]
    public void What_is_sent_from_an_address_leaves_by_its_interface()
    {
        Runtime.Add(List("one", 88, ""), _network.Attachment("blue"));
        Runtime.Add(List("two", 99, ""), _network.Attachment("blue", "eth1"));
        Sandbox.Run($"ip -n {_network.HostName} addr add 192.0.2.1/32 dev lo");
        _network.Sandbox.RunOnHost("nft 'add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c iifname br-one ip saddr 10.99.0.0/16 drop'");
        Assert.Contains("1 received", _network.In("blue", "ping -c1 -W2 -I 10.99.0.2 192.0.2.1"), StringComparison.Ordinal);
        Assert.Contains("1 received", _network.In("blue", "ping -c1 -W2 -I 10.88.0.2 192.0.2.1"), StringComparison.Ordinal);
        Assert.Contains("dev eth1 table 102", _network.In("blue", "ip route get 192.0.2.1 from 10.99.0.2"), StringComparison.Ordinal);
        Assert.Contains("dev eth1 table 103", _network.In("blue", "ip -6 route get 2001:db8::1 from fd00:99::2"), StringComparison.Ordinal);
        // That sbr has moved the routes that bridge made is no difference either.
        Assert.Empty(Runtime.Check(List("two", 99, ""), _network.Attachment("blue", "eth1")));
    }

    // Debian's program beside ours: the same rules and routes. (It has no "table" yet.)
    [Fact]
    public void The_Go_program_makes_the_same()
    {
        const string Keys = "";
        Assert.SkipUnless(File.Exists("/usr/lib/cni/sbr"), "needs Debian's containernetworking-plugins");
        CniRuntime go = new(_network.Sandbox.Host, _network.Options with { PluginSource = PluginSource.Path, PluginPath = ["/usr/lib/cni"] });
        Runtime.Add(List("one", 88, Keys), _network.Attachment("blue"));
        string ours = Routing("blue");
        Assert.Contains("from 10.88.0.2 lookup", ours, StringComparison.Ordinal);
        go.Delete(List("one", 88, Keys), _network.Attachment("blue"));
        Assert.DoesNotContain("lookup 100", Routing("blue"), StringComparison.Ordinal);

        // The same addresses once more.
        Directory.Delete(_network.Sandbox.DataFolder, recursive: true);
        go.Add(List("one", 88, Keys), _network.Attachment("red"));
        Assert.Equal(Routing("red"), ours);
        Runtime.Delete(List("one", 88, Keys), _network.Attachment("red"));
        Assert.DoesNotContain("10.88.0.2", Routing("red"), StringComparison.Ordinal);
    }

    [Fact]
    public void Gateways_and_hints_are_as_asked()
    {
        const string Keys = "\"gateways\": [\"10.88.0.7\", \"fd00:88::7\"], \"addSourceHints\": true";
        Runtime.Add(List("one", 88, Keys, routes: ""), _network.Attachment("blue"));
        Assert.Equal(
            """
            10.88.0.0/16 dev eth0 proto kernel scope link src 10.88.0.2
            default via 10.88.0.7 dev eth0

            """,
            Sorted(_network.In("blue", "ip route show table 100")));
        Assert.Contains("10.88.0.0/16 dev eth0 scope link src 10.88.0.2", _network.In("blue", "ip route"), StringComparison.Ordinal);
        Assert.Contains("default via fd00:88::7 dev eth0", _network.In("blue", "ip -6 route show table 101"), StringComparison.Ordinal);
        Assert.Contains("fd00:88::/64 dev eth0 src fd00:88::2", _network.In("blue", "ip -6 route"), StringComparison.Ordinal);
        Assert.Empty(Check(List("one", 88, Keys), _network.Attachment("blue")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"table\": 300")]
    [InlineData("\"addSourceHints\": true")]
    public void An_attachment_comes_and_goes_twice(string keys)
    {
        _network.Container("blue");
        for (int i = 0; i < 2; i++)
        {
            Runtime.Add(List("one", 88, keys), _network.Attachment("blue"));
            Assert.Contains("10.88.0.", _network.In("blue", "ip rule"), StringComparison.Ordinal);
            Assert.Empty(Check(List("one", 88, keys), _network.Attachment("blue")));
            Runtime.Delete(List("one", 88, keys), _network.Attachment("blue"));
            Runtime.Delete(List("one", 88, keys), _network.Attachment("blue"));
            Assert.DoesNotContain("10.88.0.", Routing("blue"), StringComparison.Ordinal);
            Assert.DoesNotContain("fd00", Routing("blue"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_failure_behind_it_leaves_nothing()
    {
        _network.Container("blue");
        string before = Routing("blue");
        NetworkConfigurationList list = List("one", 88, "", more: ", {\"type\": \"tuning\", \"sysctl\": {\"net.ipv4.conf.IFNAME.nonesuch\": \"1\"}}");
        Assert.ThrowsAny<CniException>(() => Runtime.Add(list, _network.Attachment("blue")));
        Assert.Equal(before, Routing("blue"));
    }

    [Fact]
    public void CHECK_finds_what_is_wrong_and_what_mends_it()
    {
        Runtime.Add(List("one", 88, ""), _network.Attachment("blue"));
        _network.In("blue", "ip route flush table 100");
        Difference difference = Assert.Single(Check(List("one", 88, ""), _network.Attachment("blue")));
        Assert.Equal("no default route in table 100, for what is sent from 10.88.0.2", difference.Message);
        _network.In("blue", "ip rule del from 10.88.0.2");
        difference = Assert.Single(Check(List("one", 88, ""), _network.Attachment("blue")));
        Assert.Equal("no rule for what is sent from 10.88.0.2", difference.Message);

        Runtime.Add(List("two", 99, "\"table\": 300"), _network.Attachment("red"));
        _network.In("red", "ip rule del from 10.99.0.2");
        difference = Assert.Single(Check(List("two", 99, "\"table\": 300"), _network.Attachment("red")));
        _network.Sandbox.Host.Apply(difference.Repair);
        Assert.Empty(Check(List("two", 99, "\"table\": 300"), _network.Attachment("red")));
    }

    [Fact]
    public void A_plan_says_what_is_done()
    {
        PlannedHost plan = new(_network.Sandbox.Host);
        CniRuntime runtime = new(plan, _network.Options);
        runtime.Add(List("one", 88, ""), _network.Attachment("blue"));
        Assert.DoesNotContain(runtime.Check(List("one", 88, ""), _network.Attachment("blue")), difference => difference.PluginType == "sbr");
        Assert.Contains(plan.Steps, step => step.Text.EndsWith("rule add from 10.88.0.2/32 table 100", StringComparison.Ordinal));
        Assert.DoesNotContain("10.88.0.2", Routing("blue"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"gateways\": [\"10.0.0.1\", \"10.0.0.2\"]", "gateways list contains multiple IPv4 addresses: 10.0.0.1 and 10.0.0.2")]
    [InlineData("\"gateways\": [\"zz\"]", "invalid static gateway IP address: zz")]
    public void What_is_wrong_with_a_configuration_is_said(string keys, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<CniException>(() => Runtime.Add(List("one", 88, keys), _network.Attachment("blue"))).Message, StringComparison.Ordinal);

    public void Dispose() => _network.Dispose();

    // bridge misses its routes in the main table, as the Go plugin does.
    private Difference[] Check(NetworkConfigurationList list, Attachment attachment) =>
        [.. Runtime.Check(list, attachment).Where(difference => difference.PluginType == "sbr")];

    private CniRuntime Runtime => _network.Runtime;

    // Rules and routes without the local table, and without what the kernel makes for link-local addresses in its own time.
    private string Routing(string container) => string.Join('\n', _network.In(
            container, $"sh -c 'ip rule; ip -6 rule; ip route show table all; ip -6 route show table all'")
        .Split('\n').Where(line => !Regex.IsMatch(line, "fe80|table local|^local|multicast|anycast|broadcast")));

    private static string Sorted(string lines) =>
        string.Concat(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim() + "\n").Order(StringComparer.Ordinal));

    private static NetworkConfigurationList Parse(string json) => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(json));

    private NetworkConfigurationList List(string name, int subnet, string keys, string routes = "{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}", string more = "") => Parse(
        $$"""
        {"cniVersion": "1.0.0", "name": "{{name}}", "plugins": [
         {"type": "bridge", "bridge": "br-{{name}}", "isGateway": true,
          "ipam": {"type": "host-local", "dataDir": "{{_network.Sandbox.DataFolder}}",
           "ranges": [[{"subnet": "10.{{subnet}}.0.0/16"}], [{"subnet": "fd00:{{subnet}}::/64"}]], "routes": [{{routes}}]} },
         {"type": "sbr"{{(keys.Length > 0 ? ", " + keys : "")}} }{{more}}]}
        """);
}
