using System;
using System.Net.Sockets;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;
using static CniPS.Engine.Tests.Plugins.Portmap.PortmapNetwork;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>One container whose ports are given to each of its networks, as podman does.</summary>
public sealed class PortmapNetworksTests
{
    private static readonly string s_ports = $"{Mapping(8080, 80)}, {Mapping(8081, 80, hostIP: HostAddress)}, {Mapping(5353, 53, "udp")}";

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void A_port_leads_to_the_next_network_when_the_first_is_gone(string backend)
    {
        using Networks networks = new(backend);
        networks.Add(networks.One, "eth0");
        networks.Serve();
        networks.Add(networks.Two, "eth1");
        networks.Add(networks.Long, "eth2");
        networks.AssertRight((networks.One, "eth0"), (networks.Two, "eth1"), (networks.Long, "eth2"));
        networks.AssertReached("10.88.0.1");

        networks.Delete(networks.One, "eth0");
        networks.AssertRight((networks.Two, "eth1"), (networks.Long, "eth2"));
        networks.AssertReached("10.99.0.1");
        Assert.DoesNotContain("10.88.0.2", networks.Machine.Ruleset);
        CniException taken = Assert.ThrowsAny<CniException>(() => networks.Machine.Add("red", Mapping(8080, 80)));
        Assert.Equal(CniErrorIds.PortTaken, taken.ErrorId);

        networks.Delete(networks.Two, "eth1");
        networks.AssertRight((networks.Long, "eth2"));
        networks.AssertReached("10.77.0.1");
        networks.Delete(networks.Long, "eth2");
        Assert.DoesNotContain("808", networks.Machine.Ruleset);
        networks.Machine.Runtime.CollectGarbage(networks.One, []);
        Assert.DoesNotContain("waiting", networks.Machine.Ruleset);
        networks.Machine.Add("red", Mapping(8080, 80));
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void DEL_of_a_later_network_leaves_the_first_one_s_ports(string backend)
    {
        using Networks networks = new(backend);
        networks.Add(networks.One, "eth0");
        networks.Serve();
        networks.Add(networks.Two, "eth1");
        networks.Delete(networks.Two, "eth1");
        networks.Delete(networks.Two, "eth1");
        networks.AssertRight((networks.One, "eth0"));
        networks.AssertReached("10.88.0.1");
        Assert.DoesNotContain("10.99.0.2", networks.Machine.Ruleset);
        networks.Delete(networks.One, "eth0");
        Assert.DoesNotContain("808", networks.Machine.Ruleset);
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void A_failed_ADD_leaves_the_first_network_s_ports_and_nothing_of_its_own(string backend)
    {
        using Networks networks = new(backend, ", {\"type\": \"tuning\", \"sysctl\": {\"net.there.is.none\": \"1\"}}");
        networks.Add(networks.One, "eth0");
        networks.Serve();
        string before = networks.Machine.Snapshot();
        Assert.ThrowsAny<CniException>(() => networks.Add(networks.Failing, "eth1"));
        Assert.Equal(before, networks.Machine.Snapshot());
        networks.AssertRight((networks.One, "eth0"));
        networks.AssertReached("10.88.0.1");
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public void GC_of_the_first_network_gives_its_ports_to_the_next(string backend)
    {
        using Networks networks = new(backend);
        networks.Add(networks.Long, "eth0");
        networks.Serve();
        networks.Add(networks.Two, "eth1");
        System.IO.File.Delete($"{networks.Machine.Sandbox.CacheFolder}/results/{networks.Long.Name}-{networks.Container}-eth0");
        networks.Machine.Sandbox.RunOnHost($"ip -n {networks.Machine.Container(networks.Container)} link del eth0");
        networks.Machine.Runtime.CollectGarbage(networks.Long, []);
        networks.AssertRight((networks.Two, "eth1"));
        networks.AssertReached("10.99.0.1");
        Assert.DoesNotContain("10.77.0.2", networks.Machine.Ruleset);
    }

    [Fact]
    public void CHECK_of_one_that_waits_finds_that_it_does_not_and_mends_it()
    {
        using Networks networks = new("nftables");
        networks.Add(networks.One, "eth0");
        networks.Add(networks.Two, "eth1");
        networks.Machine.Sandbox.RunOnHost("nft delete set inet cnips waiting4");
        networks.Machine.Sandbox.RunOnHost("nft flush set inet cnips waiting6");
        Attachment attachment = networks.Machine.Attachment(networks.Container, s_ports, "eth1");
        RepairReport report = networks.Machine.Runtime.Repair(networks.Two, attachment);
        Assert.Equal(4, report.Mended.Count); // 8080 and 5353, in both families
        Assert.Empty(report.Remaining);
        networks.Delete(networks.One, "eth0");
        networks.AssertRight((networks.Two, "eth1"));
    }

    // ADD on another network may come in between: who has closed the port looks once more.
    [Fact]
    public void Who_gets_in_line_while_the_port_is_closed_has_it()
    {
        using Networks networks = new("nftables");
        networks.Add(networks.One, "eth0");
        networks.Add(networks.Two, "eth1");
        networks.Machine.Sandbox.RunOnHost("nft flush map inet cnips ports4");
        networks.Delete(networks.One, "eth0");
        networks.AssertRight((networks.Two, "eth1"));
    }

    /// <summary>A container on several networks, of which one has a name so long that no comment takes all three names whole.</summary>
    private sealed class Networks : IDisposable
    {
        internal Networks(string backend, string failing = "")
        {
            string keys = $"\"backend\": \"{backend}\"";
            Machine = new PortmapNetwork(keys);
            One = Machine.Default;
            Two = Machine.List("two", keys, subnet: "10.99.0.0/16", subnet6: "fd00:99::/64", isDefault: false);
            Failing = Machine.List("failing", keys, subnet: "10.98.0.0/16", subnet6: "fd00:98::/64", isDefault: false, more: failing);
            Long = Machine.List(new string('n', 64), keys, "", "10.77.0.0/16", "fd00:77::/64", isDefault: false);
            Machine.Container(Container);
        }

        internal PortmapNetwork Machine { get; }

        internal NetworkConfigurationList One { get; }

        internal NetworkConfigurationList Two { get; }

        internal NetworkConfigurationList Failing { get; }

        internal NetworkConfigurationList Long { get; }

        internal string Container { get; } = new('c', 64);

        internal void Serve() => Machine.Serve(Container, ProtocolType.Tcp, 80);

        internal void Add(NetworkConfigurationList list, string interfaceName) => Machine.Add(Container, s_ports, list, interfaceName);

        internal void Delete(NetworkConfigurationList list, string interfaceName) => Machine.Delete(Container, s_ports, list, interfaceName);

        internal void AssertRight(params (NetworkConfigurationList List, string InterfaceName)[] attachments)
        {
            foreach ((NetworkConfigurationList list, string interfaceName) in attachments)
            {
                Assert.Empty(Machine.Runtime.Check(list, Machine.Attachment(Container, s_ports, interfaceName)));
            }
        }

        // From the host itself: the container has a way back to each of its gateways.
        internal void AssertReached(string gateway) =>
            Assert.StartsWith(Container, Machine.Ask(Machine.HostName, ProtocolType.Tcp, gateway, 8080), StringComparison.Ordinal);

        public void Dispose() => Machine.Dispose();
    }
}
