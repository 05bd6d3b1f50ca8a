using System;
using System.Linq;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native vlan, in a kernel that has it.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class VlanTests : IDisposable
{
    private const string Plain = """{"type": "vlan", "master": "m0", "vlanId": 5, @IPAM@}""";

    private readonly TestNetwork _network = MasterNetwork.Create();

    public void Dispose() => _network.Dispose();

    [SecondKernelFact]
    public void AnAttachmentComesAndGoes()
    {
        foreach (string version in (string[])["0.1.0", "1.1.0"])
        {
            _network.Use(Plain, version, "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
            Assert.Equal(version, _network.Add("blue").CniVersion);
            string link = _network.In("blue", "ip -d link show eth0");
            Assert.Contains("vlan protocol 802.1Q id 5", link);
            Assert.Contains("mtu 1400", link);
            if (version is "1.1.0")
            {
                Assert.Empty(_network.Check("blue"));
            }

            _network.Delete("blue");
            _network.Delete("blue");
            Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
        }
    }

    [SecondKernelFact]
    public void TrafficPassesWithItsTagOnly()
    {
        _network.In("switch", "ip addr flush dev eth0");
        _network.In("switch", "ip link add link eth0 name v5 type vlan id 5");
        _network.In("switch", "ip addr add 10.15.20.1/24 dev v5");
        _network.In("switch", "ip link set v5 up");
        _network.Use(Plain);
        _network.Add("blue");
        _network.In("blue", "ping -c1 -W2 10.15.20.1");
        _network.Use("""{"type": "vlan", "master": "m0", "vlanId": 6, @IPAM@}""");
        _network.Add("red");
        Assert.NotEqual(0, Sandbox.TryRun($"ip netns exec {_network.Container("red")} ping -c1 -W1 10.15.20.1").Status);
    }

    [SecondKernelFact]
    public void DelNeedsNoMaster()
    {
        _network.Use(Plain);
        _network.Add("blue");
        Sandbox.Run($"ip -n {_network.HostName} link del m0");
        _network.Delete("blue");
        Assert.Empty(System.IO.Directory.GetFiles(System.IO.Path.Combine(_network.Sandbox.DataFolder, "mybridge"), "10.*"));
    }

    [SecondKernelFact]
    public void TheMasterMayBeInsideTheContainer()
    {
        _network.Use("""{"type": "vlan", "master": "eth0", "vlanId": 7, "linkInContainer": true, @IPAM@}""");
        _network.Add("switch", "net1");
        Assert.Contains("net1@eth0", _network.In("switch", "ip -o link"));
        Assert.Empty(_network.Runtime.Check(_network.List, _network.Attachment("switch", "net1")));
    }

    [SecondKernelFact]
    public void WhatCantBeIsRefusedAndLeavesNothing()
    {
        _network.Container("blue");
        string before = _network.Snapshot();
        foreach ((string keys, string message) in ((string, string)[])
        [
            ("\"vlanId\": 5, @IPAM@", "\"master\" field is required. It specifies the host interface name to create the VLAN for"),
            ("\"master\": \"m0\", \"vlanId\": 4095, @IPAM@", "invalid VLAN ID 4095 (must be between 0 and 4094)"),
            ("\"master\": \"m0\", \"vlanId\": -1, @IPAM@", "invalid VLAN ID -1 (must be between 0 and 4094)"),
            ("\"master\": \"m0\", \"mtu\": 1401, @IPAM@", "invalid MTU 1401, must be [0, master MTU(1400)]"),
            ("\"master\": \"m9\", @IPAM@", "failed to lookup master \"m9\": no such link"),
            ("\"master\": \"m0\"", "vlan needs \"ipam\""),
            ("\"master\": \"m0\", \"ipam\": {\"type\": \"host-local\", \"subnet\": \"10.15.20.0/31\"}", "too small"),
        ])
        {
            _network.Use($$"""{"type": "vlan", {{keys}} }""");
            Assert.Contains(message, Assert.ThrowsAny<CniException>(() => _network.Add("blue")).Message);
        }

        Assert.Equal(before, _network.Snapshot());
    }

    [SecondKernelFact]
    public void CheckNamesEveryDifference()
    {
        _network.Use(Plain);
        _network.Add("blue");
        _network.Use(Plain.Replace("\"vlanId\": 5", "\"vlanId\": 6, \"mtu\": 1300", StringComparison.Ordinal));
        Assert.Equal(["MTU of eth0", "VLAN of eth0"], _network.Check("blue").Select(d => d.Subject).Order(StringComparer.Ordinal));
    }

    [SecondKernelFact]
    public void TheGoProgramDoesTheSame()
    {
        _network.Use(Plain, ipam: "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
        LinkPluginComparison.Compare(_network, "eth0");
    }
}
