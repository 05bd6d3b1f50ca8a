using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>Routes of containers with several interfaces, and what sbr behind any plugin makes of them: ADD, CHECK and Repair say the same.</summary>
public sealed class SeveralInterfacesTests
{
    [Fact]
    public void A_second_default_route_goes_before_the_first_one()
    {
        using TestNetwork network = new();
        network.Use("""{"type": "bridge", "bridge": "br0", "isDefaultGateway": true, @IPAM@}""");
        network.Add("blue");
        network.Use(
            """{"type": "ptp", @IPAM@}""",
            ipam: "\"ranges\": [[{\"subnet\": \"10.89.0.0/24\"}], [{\"subnet\": \"fd00:89::/64\"}]], \"routes\": [{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}]");
        network.Add("blue", "net1");
        string[] routes = network.In("blue", "ip route show default").Trim().Split('\n');
        Assert.Equal(2, routes.Length);
        Assert.StartsWith("default via 10.89.0.1 dev net1", routes[0]);
        Assert.Empty(network.Runtime.Check(network.List, network.Attachment("blue", "net1")));
    }

    // IPv6 makes one route with two next hops of them.
    [Fact]
    public void Two_next_hops_are_two_routes()
    {
        using TestNetwork network = new();
        for (int i = 0; i < 2; i++)
        {
            Two(network, i);
            network.Add("blue", $"eth{i}");
        }

        Assert.Contains("nexthop", network.In("blue", "ip -6 route show default"));
        for (int i = 0; i < 2; i++)
        {
            Two(network, i);
            Assert.Empty(network.Runtime.Check(network.List, network.Attachment("blue", $"eth{i}")));
        }

        network.In("blue", "ip -6 route del default via fd00:1::1 dev eth1");
        Assert.NotEmpty(network.Runtime.Check(network.List, network.Attachment("blue", "eth1")));
        Assert.Empty(network.Runtime.Repair(network.List, network.Attachment("blue", "eth1"), TestContext.Current.CancellationToken).Remaining);
    }

    [Fact]
    public void Sbr_takes_its_own_next_hop_out_of_the_main_table()
    {
        using TestNetwork network = new();
        Two(network, 0);
        network.Add("blue");
        Two(network, 1, ", {\"type\": \"sbr\"}");
        network.Add("blue", "eth1");
        string main = network.In("blue", "ip -6 route show default");
        Assert.Contains("dev eth0", main);
        Assert.DoesNotContain("eth1", main);
        Assert.Empty(network.Runtime.Check(network.List, network.Attachment("blue", "eth1")));
    }

    [Fact]
    public void IPv4s_several_next_hops_are_read_too()
    {
        using TestNetwork network = new();
        Sandbox.Run($"H={network.HostName}; ip -n $H link add d0 type veth peer name d1; ip -n $H addr add 10.1.0.1/24 dev d0; ip -n $H link set d0 up; ip -n $H link set d1 up; "
            + "ip -n $H route add 10.9.0.0/16 nexthop via 10.1.0.2 dev d0 nexthop via 10.1.0.3 dev d0");
        Assert.Equal(
            ["10.1.0.2", "10.1.0.3"],
            [.. System.Linq.Enumerable.Select(
                System.Linq.Enumerable.Where(network.Sandbox.Host.GetRoutes(network.Sandbox.Host.Namespace), route => route.Destination.ToString() == "10.9.0.0/16"),
                route => route.Gateway!.ToString())]);
    }

    [Fact]
    public void Ptp_before_sbr_is_right_and_stays_so()
    {
        using TestNetwork network = new();
        network.Use("""{"type": "ptp", @IPAM@}, {"type": "sbr"}""", ipam: "\"subnet\": \"10.89.0.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
        network.Add("blue", "net1");
        Assert.Empty(network.Runtime.Check(network.List, network.Attachment("blue", "net1")));
        string table = network.In("blue", "ip route show table 100");
        Assert.Contains("default via 10.89.0.1 dev net1", table);
        RepairReport report = network.Runtime.Repair(network.List, network.Attachment("blue", "net1"), TestContext.Current.CancellationToken);
        Assert.Empty(report.Mended);
        Assert.Equal("", network.In("blue", "ip route"));
    }

    [Theory]
    [InlineData("fd00:1::5/64", "::/0", "fe80::1", "2001:db8::1")]
    [InlineData("10.1.0.5/32", "0.0.0.0/0", "169.254.1.1", "192.0.2.1")]
    public void A_route_by_a_gateway_in_no_subnet_moves_with_the_others(string address, string destination, string gateway, string far)
    {
        using TestNetwork network = new();
        Sandbox.Run($"ip -n {network.HostName} link add lan0 type veth peer name lan1; ip -n {network.HostName} link set lan0 up; ip -n {network.HostName} link set lan1 up");
        string onLink = gateway.StartsWith("169", System.StringComparison.Ordinal) ? $$"""{"dst": "{{gateway}}/32", "scope": 253},""" : "";
        network.Use(
            $$"""
            {"type": "macvlan", "master": "lan0", "ipam": {"type": "static", "addresses": [{"address": "{{address}}"}],
             "routes": [{{onLink}} {"dst": "{{destination}}", "gw": "{{gateway}}"}]} }, {"type": "sbr"}
            """,
            version: "1.1.0");
        network.Add("blue", "net1");
        Assert.Contains($"via {gateway} dev net1 table 100", network.In("blue", $"ip route get {far} from {address.Split('/')[0]}"));
        Assert.Empty(network.Runtime.Check(network.List, network.Attachment("blue", "net1")));
    }

    [Fact]
    public void What_a_later_plugin_changed_is_its_own()
    {
        using TestNetwork network = new();
        Sandbox.Run($"ip -n {network.HostName} link add lan0 type veth peer name lan1; ip -n {network.HostName} link set lan0 up; ip -n {network.HostName} link set lan1 up");
        network.Use("""{"type": "macvlan", "master": "lan0", "mtu": 1500, @IPAM@}, {"type": "tuning", "mtu": 1400, "mac": "02:00:00:00:00:07"}""");
        network.Add("blue");
        Assert.Empty(network.Check("blue"));
        network.In("blue", "ip link set eth0 mtu 1300");
        Difference difference = Assert.Single(network.Check("blue"));
        Assert.Equal(("tuning", "1400"), (difference.PluginType, difference.Expected));
        Assert.Empty(network.Runtime.Repair(network.List, network.Attachment("blue"), TestContext.Current.CancellationToken).Remaining);
        Assert.Contains("mtu 1400", network.In("blue", "ip link show eth0"));

        network.Use("""{"type": "macvlan", "master": "lan0", "mtu": 1450, @IPAM@}, {"type": "tuning", "sysctl": {}}""");
        network.Add("red");
        network.In("red", "ip link set eth0 mtu 1300");
        Assert.Equal("macvlan", Assert.Single(network.Check("red")).PluginType);
    }

    private static void Two(TestNetwork network, int i, string behind = "") => network.Use(
        $$"""{"type": "bridge", "bridge": "br{{i}}", "isDefaultGateway": true, @IPAM@}{{behind}}""", ipam: $"\"subnet\": \"fd00:{i}::/64\"");
}
