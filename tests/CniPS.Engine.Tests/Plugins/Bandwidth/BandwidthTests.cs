using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CniPS.Linux.Machine;
using CniPS.Linux.Route;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Bandwidth;

/// <summary>bandwidth: what it makes, how fast things go then, what it finds wrong and removes.</summary>
public sealed class BandwidthTests : IDisposable
{
    private const string Both = "\"ingressRate\": 800000, \"ingressBurst\": 80000, \"egressRate\": 1600000, \"egressBurst\": 80000";
    private const string Ifb = "bwp7be53730afe4"; // of network n1 and container c1

    private readonly TestNetwork _network = new();

    public BandwidthTests()
    {
        (int status, string why) = Sandbox.TryRun(
            $"ip netns exec {_network.HostName} sh -c 'ip link add t0 type ifb && tc qdisc add dev t0 root tbf rate 1mbit burst 10kb latency 25ms && ip link del t0'");
        Assert.SkipUnless(status == 0, $"this kernel has no ifb or tbf: {why}");
    }

    [Fact]
    public void Buckets_are_those_of_the_Go_plugin()
    {
        Assert.Equal(new TokenBucket(100000, 1562500, 12500), TokenBucket.Of(100000, 10000));
        CniResult result = Add(Both);
        string host = HostEnd();
        Assert.Contains("rate 800Kbit burst 10000b lat 25ms", Tc($"qdisc show dev {host}"), StringComparison.Ordinal);
        Assert.Contains("qdisc ingress ffff: parent ffff:fff1", Tc($"qdisc show dev {host}"), StringComparison.Ordinal);
        Assert.Contains("rate 1600Kbit burst 10000b lat 25ms", Tc($"qdisc show dev {Ifb}"), StringComparison.Ordinal);
        Assert.Contains($"Redirect to device {Ifb}", Tc($"filter show dev {host} ingress"), StringComparison.Ordinal);
        Assert.Equal(Ifb, result.Interfaces[^1].Name);
        Assert.Contains(result.Interfaces[^1].Mac!, _network.Sandbox.RunOnHost($"ip link show {Ifb}"), StringComparison.Ordinal);
        Assert.Empty(Check(Both));
    }

    // Debian's program beside ours: the same buckets, and each takes away what the other made.
    [Fact]
    public void The_Go_program_makes_the_same()
    {
        Assert.SkipUnless(System.IO.File.Exists("/usr/lib/cni/bandwidth"), "needs Debian's containernetworking-plugins");
        CniRuntime go = new(_network.Sandbox.Host, _network.Options with { PluginSource = PluginSource.Path, PluginPath = ["/usr/lib/cni"] });
        Add(Both);
        string ours = Qdiscs();
        Assert.Empty(go.Check(List(Both), _network.Attachment("c1")));
        go.Delete(List(Both), _network.Attachment("c1"));
        Assert.DoesNotContain("bwp", _network.Sandbox.RunOnHost("ip -o link"), StringComparison.Ordinal);

        go.Add(List(Both), _network.Attachment("c1"));
        Assert.Equal(Qdiscs(), ours);
        Assert.Empty(Check(Both));
        Delete(Both);
        Assert.DoesNotContain("bwp", _network.Sandbox.RunOnHost("ip -o link"), StringComparison.Ordinal);

        // refcnt counts the queues that a link could have, too.
        string Qdiscs() => Regex.Replace(Tc("-s qdisc show"), "veth[0-9a-f]+|refcnt [0-9]+|Sent.*|backlog.*|new_flows.*", "veth");
    }

    [Fact]
    public void What_arrives_and_what_is_sent_goes_at_the_rate_that_is_set()
    {
        const string Keys = "\"ingressRate\": 8000000, \"ingressBurst\": 800000, \"egressRate\": 16000000, \"egressBurst\": 800000";
        Add(Keys);
        string address = _network.In("c1", "ip -4 -o addr show dev eth0 | grep -o '10[.0-9]*' | head -1").Split('\n', '/')[0];
        double ingress = Transfer.Measure(_network.HostName, _network.Container("c1"), address, 2_000_000);
        double egress = Transfer.Measure(_network.Container("c1"), _network.HostName, "10.15.20.1", 4_000_000);
        Assert.InRange(ingress, 4_000_000, 9_600_000);
        Assert.InRange(egress, 8_000_000, 19_200_000);
    }

    [Theory]
    [InlineData(Both)]
    [InlineData("\"ingressRate\": 800000, \"ingressBurst\": 80000")]
    [InlineData("\"egressRate\": 800000, \"egressBurst\": 80000")]
    public void An_attachment_comes_and_goes_twice(string keys)
    {
        _network.Container("c1");
        Add(keys);
        Delete(keys);
        string before = _network.Snapshot();
        Add(keys);
        Assert.Equal(keys.Contains("egress", StringComparison.Ordinal), _network.Sandbox.RunOnHost("ip -o link").Contains("bwp", StringComparison.Ordinal));
        Assert.Empty(Check(keys));
        Delete(keys);
        Delete(keys);
        Assert.Equal(before, _network.Snapshot());
    }

    [Fact]
    public void The_runtime_says_the_rates_where_the_configuration_says_none()
    {
        JsonElement rates = JsonDocument.Parse("{\"ingressRate\": 800000, \"ingressBurst\": 80000}").RootElement;
        Attachment attachment = _network.Attachment("c1") with { CapabilityArgs = [new("bandwidth", rates)] };
        _network.Runtime.Add(List("\"capabilities\": {\"bandwidth\": true}"), attachment);
        Assert.Contains("rate 800Kbit", Tc($"qdisc show dev {HostEnd()}"), StringComparison.Ordinal);
        _network.Runtime.Delete(List("\"capabilities\": {\"bandwidth\": true}"), attachment);

        _network.Runtime.Add(List("\"capabilities\": {\"bandwidth\": true}, \"ingressRate\": 1600000, \"ingressBurst\": 80000"), attachment);
        Assert.Contains("rate 1600Kbit", Tc($"qdisc show dev {HostEnd()}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_interfaces_of_a_container_are_shaped_each()
    {
        _network.Runtime.Add(List(Both), _network.Attachment("c1"));
        _network.Runtime.Add(List(Both), _network.Attachment("c1", "eth1"));
        Assert.Equal(2, Regex.Count(_network.Sandbox.RunOnHost("ip -o link show type ifb"), "bwp[0-9a-f]+:"));
        Assert.Empty(_network.Runtime.Check(List(Both), _network.Attachment("c1", "eth1")));
        _network.Runtime.Delete(List(Both), _network.Attachment("c1", "eth1"));
        Assert.Contains(Ifb, _network.Sandbox.RunOnHost("ip -o link show type ifb"), StringComparison.Ordinal);
        Assert.Empty(Check(Both));
    }

    [Theory]
    [InlineData("tc qdisc del dev HOST root", "Failed to find qdisc")]
    [InlineData("tc qdisc change dev HOST root tbf rate 2mbit burst 10kb latency 25ms", "Rate doesn't match")]
    [InlineData("tc qdisc del dev HOST ingress", "is not sent through")]
    [InlineData("ip link set bwp7be53730afe4 down", "is down")]
    public void CHECK_finds_what_is_wrong_and_what_mends_it(string damage, string message)
    {
        Add(Both);
        _network.Sandbox.RunOnHost(damage.Replace("HOST", HostEnd(), StringComparison.Ordinal));
        Difference difference = Assert.Single(Check(Both));
        Assert.Contains(message, difference.Message, StringComparison.Ordinal);
        _network.Sandbox.Host.Apply(difference.Repair);
        Assert.Empty(Check(Both));
    }

    [Fact]
    public void GC_removes_what_a_killed_container_left()
    {
        Add(Both);
        _network.Runtime.Add(List(Both), _network.Attachment("c2"));
        NetworkConfigurationList only = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes(
            $$"""{"cniVersion": "1.1.0", "name": "n1", "plugins": [{"type": "bandwidth", {{Both}} }]}"""));
        _network.Runtime.CollectGarbage(only, [new AttachmentKey("c2", "eth0")]);
        Assert.Single(_network.Sandbox.RunOnHost("ip -o link show type ifb").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(_network.Runtime.Check(List(Both), _network.Attachment("c2")));
    }

    [Fact]
    public void A_plan_says_what_is_done()
    {
        PlannedHost plan = new(_network.Sandbox.Host);
        CniRuntime runtime = new(plan, _network.Options);
        runtime.Add(List(Both), _network.Attachment("c1"));
        Assert.Empty(runtime.Check(List(Both), _network.Attachment("c1")));
        string[] steps = [.. plan.Steps.Select(step => step.Text)];
        Assert.Contains(steps, step => step.Contains("tc -n", StringComparison.Ordinal) && step.EndsWith("root handle 1: tbf rate 800000bit burst 10000 limit 12500", StringComparison.Ordinal));
        Assert.DoesNotContain("bwp", _network.Sandbox.RunOnHost("ip -o link"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ingressRate\": 800000", "if rate is set, burst must also be set")]
    [InlineData("\"egressBurst\": 800000", "if burst is set, rate must also be set")]
    [InlineData("\"egressRate\": 8000, \"egressBurst\": 34359738368", "burst cannot be more than 4GB")]
    [InlineData("\"egressRate\": 7, \"egressBurst\": 80", "less than a byte")]
    public void What_is_wrong_with_a_configuration_is_said(string keys, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<CniException>(() => Add(keys)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_result_it_says_so()
    {
        NetworkConfigurationList only = NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes("""{"cniVersion": "1.1.0", "name": "n1", "plugins": [{"type": "bandwidth"}]}"""));
        Assert.Contains("must be called as chained plugin", Assert.ThrowsAny<CniException>(() => _network.Runtime.Add(only, _network.Attachment("c1"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _network.Dispose();

    private CniResult Add(string keys) => _network.Runtime.Add(List(keys), _network.Attachment("c1"))!;

    private void Delete(string keys) => _network.Runtime.Delete(List(keys), _network.Attachment("c1"));

    private IReadOnlyList<Difference> Check(string keys) => _network.Runtime.Check(List(keys), _network.Attachment("c1"));

    private string Tc(string arguments) => _network.Sandbox.RunOnHost($"tc {arguments}");

    private string HostEnd() =>
        _network.Sandbox.RunOnHost($"ip -o link show master {TestNetwork.Bridge}").Split(": ")[1].Split('@')[0];

    private NetworkConfigurationList List(string keys) => NetworkConfigurationList.Parse(Encoding.UTF8.GetBytes($$"""
        {"cniVersion": "1.0.0", "name": "n1", "plugins": [
         {"type": "bridge", "bridge": "{{TestNetwork.Bridge}}", "isGateway": true, "ipam": {"type": "host-local", "dataDir": "{{_network.Sandbox.DataFolder}}", "subnet": "10.15.20.0/24"} },
         {"type": "bandwidth", {{keys}} }]}
        """));
}
