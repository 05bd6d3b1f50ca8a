using System;
using System.IO;
using System.Linq;
using CniPS.Linux.Dhcp;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins.Dhcp;

/// <summary>Leases from a real server (dnsmasq), through bridge and the service: got, renewed, rebound, given back, lost.</summary>
public sealed class DhcpLeaseTests
{
    [Fact]
    public void AnAddressIsGotAndGivenBack()
    {
        using DhcpNetwork lan = new("\"priority\": 77");
        lan.Serve(options: "--dhcp-option=3,10.77.0.1");
        CniResult result = lan.Network.Add("web1");
        string address = result.Ips[0].Address!.Value.ToString();
        Assert.StartsWith("10.77.0.", address, StringComparison.Ordinal);
        Assert.EndsWith("/24", address, StringComparison.Ordinal);
        Assert.Equal("10.77.0.1", result.Ips[0].Gateway!.ToString());
        Assert.Contains("default via 10.77.0.1 dev eth0 metric 77", lan.Network.In("web1", "ip route"), StringComparison.Ordinal);
        Assert.Contains("1 received", lan.Network.In("web1", "ping -c1 -W2 10.77.0.1"), StringComparison.Ordinal);

        DhcpLeaseInfo held = Assert.Single(lan.Held);
        Assert.Equal(("lan", "web1", "eth0", DhcpState.Bound, address, "10.77.0.1"), (held.Network, held.ContainerId, held.Interface, held.State, held.Address, held.Server));
        Assert.InRange(held.Expires!.Value - DateTimeOffset.Now, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(121));

        // Client id: 00, then container/network/interface.
        Assert.Contains("00:77:65:62:31:2f:6c:61:6e:2f:65:74:68:30", lan.Leases, StringComparison.Ordinal);
        Assert.Empty(lan.Network.Check("web1"));

        lan.Network.Delete("web1");
        lan.Await(() => lan.Leases.Length == 0, "the server has the address back", 3);
        Assert.Contains("DHCPRELEASE(eth0)", lan.ServerLog, StringComparison.Ordinal);
        Assert.Empty(lan.Held);
        lan.Network.Delete("web1");
    }

    [Fact]
    public void ALeaseIsRenewedAndSurvivesTheServersRestart()
    {
        using DhcpNetwork lan = new();
        lan.Serve(renewal: 2, rebinding: 5);
        string address = lan.Network.Add("web1").Ips[0].Address!.Value.ToString();
        lan.Await(() => lan.Log.Contains("lease renewed", StringComparison.Ordinal), "the lease is renewed");

        lan.StopServing();
        lan.Await(() => lan.Held.Single().State == DhcpState.Rebinding, "any server is asked");
        lan.Serve(renewal: 2, rebinding: 5);
        lan.Await(() => lan.Log.Contains("lease rebound", StringComparison.Ordinal), "another server prolongs the lease");
        Assert.Equal(address, lan.Held.Single().Address);
        Assert.Contains(address[..^3], lan.Leases, StringComparison.Ordinal);
    }

    [Fact]
    public void AServerThatHasForgottenTheLeaseGivesItAgain()
    {
        using DhcpNetwork lan = new();
        lan.Serve(renewal: 2, rebinding: 5);
        string address = lan.Network.Add("web1").Ips[0].Address!.Value.ToString();
        lan.StopServing();
        File.Delete(lan.LeaseFile);
        lan.Serve(renewal: 2, rebinding: 5);
        lan.Await(() => lan.Leases.Contains(address[..^3], StringComparison.Ordinal), "the server knows the lease again");
        lan.Await(() => lan.Held.Single().State == DhcpState.Bound, "the service has it");
        Assert.Contains("UP", lan.Network.In("web1", "ip -br link show eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterfaceWhoseAddressIsLostGoesDown()
    {
        using DhcpNetwork lan = new();
        lan.Serve(renewal: 2, rebinding: 5);
        lan.Network.Add("web1");
        lan.StopServing();
        File.Delete(lan.LeaseFile);
        lan.Serve(renewal: 2, rebinding: 5, range: "10.77.0.150,10.77.0.160,2m");
        lan.Await(() => lan.Held.Count == 0, "the service gives up");
        Assert.Contains("DOWN", lan.Network.In("web1", "ip -br link show eth0"), StringComparison.Ordinal);
        Assert.Contains("bringing interface DOWN", lan.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreProvidedAndRequested()
    {
        using DhcpNetwork lan = new(
            """
            "provide": [{"option": "host-name", "fromArg": "K8S_POD_NAME"}, {"option": "60", "value": "cnips-test"}, {"option": "user-class", "fromArg": "NOBODY"}],
            "request": [{"option": "121"}, {"option": "subnet-mask"}, {"skipDefault": true}]
            """);
        lan.Serve(options: "--dhcp-option=121,10.9.0.0/16,10.77.0.9,10.8.0.0/16,0.0.0.0 --dhcp-option=3,10.77.0.1");
        CniArgs args = CniArgs.Parse("K8S_POD_NAME=pod-7;IgnoreUnknown=1");
        CniResult result = lan.Network.Runtime.Add(lan.Network.List, lan.Network.Attachment("web1", args: args))!;
        string log = lan.ServerLog;
        Assert.Contains("vendor class: cnips-test", log, StringComparison.Ordinal);
        Assert.Contains("client provides name: pod-7", log, StringComparison.Ordinal);
        Assert.Contains("requested options: 121:classless-static-route, 1:netmask\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain("user class", log, StringComparison.Ordinal);
        Assert.Equal(["10.9.0.0/16 via 10.77.0.9", "10.8.0.0/16 via 0.0.0.0"], result.Routes.Select(route => route.ToString()));
        string routes = lan.Network.In("web1", "ip route");
        Assert.Contains("10.8.0.0/16 dev eth0 scope link", routes, StringComparison.Ordinal);
        Assert.DoesNotContain("default", routes, StringComparison.Ordinal);
    }

    [Fact]
    public void AMacvlanGetsItsOwn()
    {
        using DhcpNetwork lan = new();
        lan.Serve();
        string ip = $"ip -n {lan.Network.HostName} link";
        Sandbox.Run($"{ip} add m0 type veth peer name m1 && {ip} set m1 up master {TestNetwork.Bridge} && {ip} set m0 up");
        lan.Network.List = NetworkConfigurationList.Parse(System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {"cniVersion": "1.1.0", "name": "lan", "plugins": [{"type": "macvlan", "master": "m0", "ipam": {"type": "dhcp", "daemonSocketPath": "{{lan.SocketPath}}"} } ] }
            """));
        CniResult result = lan.Network.Add("web1");
        Assert.Contains(result.Interfaces[0].Mac!, lan.Leases, StringComparison.Ordinal);
        lan.Network.Delete("web1");
        lan.Await(() => lan.Leases.Length == 0, "the server has the address back", 3);
    }

    [Fact]
    public void WithoutAServerAddFailsAndLeavesNothing()
    {
        using DhcpNetwork lan = new();
        CniException error = Assert.ThrowsAny<CniException>(() => lan.Network.Add("web1"));
        Assert.Equal(CniErrorIds.AddressUnavailable, error.ErrorId);
        Assert.Equal("no DHCP server gives eth0 an address: no more tries", error.Msg);
        Assert.Empty(lan.Held);
        Assert.DoesNotContain("veth", lan.Sandbox.RunOnHost("ip -br link show type veth | grep -v uplink || true"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatFailsAfterTheLeaseGivesItBack()
    {
        using DhcpNetwork lan = new();
        lan.Serve();
        lan.Network.List = NetworkConfigurationList.Parse(System.Text.Encoding.UTF8.GetBytes(
            $$"""
            {"cniVersion": "1.1.0", "name": "lan", "plugins": [
             {"type": "bridge", "bridge": "{{TestNetwork.Bridge}}", "ipam": {"type": "dhcp", "daemonSocketPath": "{{lan.SocketPath}}"} },
             {"type": "tuning", "sysctl": {"net.ipv4.no_such_thing": "1"} } ] }
            """));
        Assert.ThrowsAny<CniException>(() => lan.Network.Add("web1"));
        Assert.Contains("DHCPACK(eth0)", lan.ServerLog, StringComparison.Ordinal);
        lan.Await(() => lan.Leases.Length == 0, "the server has the address back", 3);
        Assert.Empty(lan.Held);
    }

    [Fact]
    public void WhenTheNamespaceIsGoneTheLeaseIsForgotten()
    {
        using DhcpNetwork lan = new();
        lan.Serve(renewal: 2, rebinding: 5);
        lan.Network.Add("web1");
        lan.Sandbox.RemoveNamespace(lan.Network.Container("web1"));
        lan.Await(() => lan.Held.Count == 0, "the service finds no interface");
        Assert.Contains("its interface is gone", lan.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void AfterARestartOfTheServiceCheckTakesTheLeaseUpAgain()
    {
        using DhcpNetwork lan = new();
        lan.Serve();
        string address = lan.Network.Add("web1").Ips[0].Address!.Value.ToString();
        lan.Service.Stop();
        Assert.Contains(address[..^3], lan.Leases, StringComparison.Ordinal); // nothing was given back
        Assert.False(File.Exists(lan.SocketPath));
        lan.Service = lan.Start();
        Assert.Empty(lan.Held);
        Assert.Empty(lan.Network.Check("web1"));
        Assert.Equal(address, lan.Held.Single().Address);
        lan.Service.Stop(release: true);
        lan.Await(() => lan.Leases.Length == 0, "the server has the address back", 3);
    }

    [Fact]
    public void GarbageCollectionGivesBackWhatNobodyHas()
    {
        using DhcpNetwork lan = new();
        lan.Serve();
        lan.Network.Add("web1");
        lan.Network.Add("web2");
        Assert.Equal(2, lan.Held.Count);
        string config = $$"""
            {"cniVersion": "1.1.0", "name": "lan", "type": "bridge", "ipam": {"type": "dhcp", "daemonSocketPath": "{{lan.SocketPath}}"},
             "cni.dev/valid-attachments": [{"containerID": "web2", "ifname": "eth0"}]}
            """;
        PluginCall call = new(new PluginRequest { Verb = CniVerb.GarbageCollect, Config = System.Text.Encoding.UTF8.GetBytes(config) });
        using PluginContext context = new() { Host = lan.Sandbox.Host, Transaction = new Transaction(lan.Sandbox.Host), Plugins = null! };
        new DhcpPlugin().CollectGarbage(call, context);
        Assert.Equal(2, lan.Held.Count); // web1 is not named, and lives
        lan.Network.In("web1", "ip link del eth0");
        new DhcpPlugin().CollectGarbage(call, context);
        Assert.Equal("web2", Assert.Single(lan.Held).ContainerId);
    }
}
