using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>bridge's keys one by one, and what the Go plugin gets wrong.</summary>
public sealed class BridgeKeyTests
{
    [Fact]
    public void The_MAC_address_comes_from_the_capability_then_args_then_CNI_ARGS()
    {
        const string Args = "\"capabilities\": {\"mac\": true}, \"args\": {\"cni\": {\"mac\": \"0a:00:00:00:00:02\"}}";
        using TestNetwork network = new(Args);
        CniArgs environment = CniArgs.Parse("MAC=0A-00-00-00-00-03");
        KeyValuePair<string, JsonElement> capability = new("mac", JsonDocument.Parse("\"0a:00:00:00:00:01\"").RootElement);
        Assert.Equal("0a:00:00:00:00:01", Mac(network, network.Attachment("capability", args: environment) with { CapabilityArgs = [capability] }));
        Assert.Equal("0a:00:00:00:00:02", Mac(network, network.Attachment("args", args: environment)));
        network.List = network.Make();
        Assert.Equal("0a:00:00:00:00:03", Mac(network, network.Attachment("environment", args: environment)));
        Assert.Contains("0a:00:00:00:00:03", network.In("environment", "ip link show eth0"));
    }

    [Theory]
    [InlineData("10.15.20.0/24", "10.15.20.3")]
    [InlineData("fd00:15::/64", "fd00:15::3")]
    public void Neighbours_learn_who_has_the_address_now(string subnet, string address)
    {
        using TestNetwork network = new(ipam: $"\"subnet\": \"{subnet}\"");
        network.Add("red");
        network.In("red", $"ip neigh add {address} lladdr 02:00:00:00:00:99 dev eth0 nud stale"); // a former owner
        CniResult result = network.Add("blue")!;
        string owner = result.Interfaces[2].Mac!;
        Assert.True(
            SpinWait.SpinUntil(() => network.In("red", $"ip neigh show {address}").Contains(owner, StringComparison.Ordinal), 5000),
            network.In("red", "ip neigh"));
    }

    [Fact]
    public void DisableContainerInterface_leaves_it_down()
    {
        using TestNetwork network = new("\"disableContainerInterface\": true");
        CniException e = Assert.Throws<PluginCallException>(() => network.Add("blue"));
        Assert.Contains("cannot use IPAM when DisableContainerInterface flag is set", e.Message);
        network.List = Layer2("\"disableContainerInterface\": true");
        network.Add("blue");
        Assert.Contains("state DOWN", network.In("blue", "ip link show eth0"));
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void Enabledad_finds_an_address_that_somebody_has()
    {
        using TestNetwork network = new("\"enabledad\": true", "\"subnet\": \"fd00:15::/64\"");
        network.Add("red");
        Assert.Equal("1\n1\n", network.In("red", "cat /proc/sys/net/ipv6/conf/eth0/accept_dad /proc/sys/net/ipv6/conf/eth0/enhanced_dad"));
        Assert.DoesNotContain("tentative", network.In("red", "ip -6 addr show eth0 scope global"));
        network.In("red", "ip addr add fd00:15::3/64 dev eth0 nodad");
        network.Container("blue");
        string before = Settled(network);
        CniException e = Assert.Throws<PluginCallException>(() => network.Add("blue"));
        Assert.Equal(CniErrorIds.LinkNotReady, e.ErrorId);
        Assert.Contains("has address fd00:15::3 in DADFAILED state", e.Message);
        Assert.Equal(before, Settled(network));

        static string Settled(TestNetwork network) => network.Snapshot().Replace(" tentative", "", StringComparison.Ordinal);
    }

    [Fact]
    public void Neighbours_learn_at_once_who_has_an_address_now()
    {
        using TestNetwork network = new();
        network.Add("blue");
        network.Add("red");
        network.In("red", "ping -c1 -W1 10.15.20.2");
        network.Delete("blue");
        CniResult green = network.Runtime.Add(network.List, network.Attachment("green", args: CniArgs.Parse("IP=10.15.20.2")))!;
        Assert.Equal("10.15.20.2/24", green.Ips[0].Address.ToString());
        SpinUntil(() => network.In("red", "ip neigh show 10.15.20.2").Contains(green.Interfaces[2].Mac!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_default_route_from_IPAM_and_one_of_the_bridge_are_one()
    {
        using TestNetwork network = new("\"isDefaultGateway\": true");
        network.Add("blue");
        Assert.Single(network.In("blue", "ip route show default").Trim().Split('\n'));
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void A_route_s_mtu_and_advmss_are_set()
    {
        using TestNetwork network = new(
            ipam: "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"192.0.2.0/24\", \"mtu\": 1300, \"advmss\": 1200, \"priority\": 7}]", version: "1.1.0");
        network.Add("blue");
        string route = network.In("blue", "ip route show 192.0.2.0/24");
        Assert.Contains("metric 7", route);
        Assert.Contains("mtu 1300", route);
        Assert.Contains("advmss 1200", route);
        Assert.Empty(network.Check("blue"));
    }

    [Fact]
    public void CHECK_passes_for_a_gateway_without_addresses_whatever_port_gives_the_bridge_its_MAC()
    {
        using TestNetwork network = new();
        network.List = Layer2("\"isGateway\": true");
        network.Add("blue");
        for (int i = 0; i < 4; i++)
        {
            network.Add($"c{i}");
        }

        Assert.Empty(network.Check("blue"));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void DEL_removes_everything_when_the_link_is_gone_already(string backend)
    {
        using TestNetwork network = new($"\"ipMasq\": true, \"macspoofchk\": true, \"ipMasqBackend\": \"{backend}\"");
        network.Add("blue");
        network.In("blue", "ip link del eth0");
        network.Delete("blue");
        string rules = network.Sandbox.RunOnHost("nft list ruleset");
        Assert.DoesNotContain("10.15.20.2", rules);
        Assert.DoesNotContain("CNI-", rules);
        Assert.DoesNotContain("blue", rules);
    }

    [Fact]
    public void DEL_works_when_the_bridge_is_gone_and_twice()
    {
        using TestNetwork network = new("\"ipMasq\": true, \"macspoofchk\": true");
        network.Add("blue");
        network.Sandbox.RunOnHost("ip link del cni_bridge0");
        network.Delete("blue");
        network.Delete("blue");
        Assert.DoesNotContain("eth0", network.In("blue", "ip -o link"));
        Assert.False(File.Exists(Path.Combine(network.Sandbox.DataFolder, "mybridge/10.15.20.2")));
        network.Add("blue");
    }

    [Fact]
    public void The_host_s_own_namespace_is_taken_where_that_is_asked_for()
    {
        // CNI_NETNS_OVERRIDE of the executable.
        using TestNetwork network = new();
        RuntimeOptions options = network.Options with { AllowHostNamespace = true };
        CniRuntime runtime = new(network.Sandbox.Host, options);
        Attachment attachment = network.Attachment("blue") with { NetNS = NamedNamespaces.PathOf(network.HostName), InterfaceName = "inhost" };
        runtime.Add(network.List, attachment);
        Assert.Contains("10.15.20.2/24", network.Sandbox.RunOnHost("ip addr show inhost"));
        Assert.Empty(runtime.Check(network.List, attachment));
        runtime.Delete(network.List, attachment);
        Assert.DoesNotContain("inhost", network.Sandbox.RunOnHost("ip -o link"));

        // Made by another program, of which there is no result: by its name in the container's namespace.
        network.Sandbox.RunOnHost("ip link add inhost type veth peer name other");
        runtime.Delete(network.List, attachment);
        Assert.DoesNotContain("inhost", network.Sandbox.RunOnHost("ip -o link"));
    }

    [Fact]
    public void Without_asking_DEL_in_the_host_s_own_namespace_touches_nothing_there()
    {
        using TestNetwork network = new();
        network.Sandbox.RunOnHost("ip link add eth0 type veth peer name other");
        network.Runtime.Delete(network.List, network.Attachment("blue") with { NetNS = NamedNamespaces.PathOf(network.HostName) });
        Assert.Contains("eth0", network.Sandbox.RunOnHost("ip -o link"));
    }

    private static string Mac(TestNetwork network, Attachment attachment) => network.Runtime.Add(network.List, attachment)!.Interfaces[2].Mac!;

    private static NetworkConfigurationList Layer2(string keys) => NetworkConfigurationList.Parse(
        Encoding.UTF8.GetBytes($$"""{"cniVersion":"1.0.0","name":"l2","plugins":[{"type":"bridge","bridge":"l2br",{{keys}}}]}"""));

    private static void SpinUntil(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(3)), "it did not come to be");
}
