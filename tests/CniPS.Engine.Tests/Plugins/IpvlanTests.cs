using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native ipvlan, in a kernel that has it.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class IpvlanTests : IDisposable
{
    private const string Plain = """{"type": "ipvlan", "master": "m0", @IPAM@}""";

    private readonly TestNetwork _network = MasterNetwork.Create();

    public void Dispose() => _network.Dispose();

    [SecondKernelFact]
    public void AnAttachmentComesAndGoes()
    {
        foreach (string version in (string[])["0.1.0", "1.1.0"])
        {
            _network.Use(Plain, version, "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
            Assert.Equal(version, _network.Add("blue").CniVersion);
            Assert.Contains("ipvlan  mode l2", _network.In("blue", "ip -d link show eth0"));
            Assert.Contains("default via 10.15.20.1 dev eth0", _network.In("blue", "ip route"));
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
    public void TrafficPassesToTheSwitchAndToOneAnother()
    {
        _network.Use(Plain, ipam: "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]]");
        _network.Add("blue");
        _network.Add("red");
        _network.In("blue", "ping -c1 -W2 10.15.20.1");
        _network.In("blue", "ping -c1 -W2 10.15.20.3");
        _network.In("blue", "ping -c1 -W2 fd00:15::1");
    }

    [SecondKernelFact]
    public void EveryModeReachesTheKernel()
    {
        foreach (string mode in (string[])["l2", "l3", "l3s"])
        {
            _network.Use($$"""{"type": "ipvlan", "master": "m0", "mode": "{{mode}}", "mtu": 1300, @IPAM@}""");
            _network.Add("blue");
            string link = _network.In("blue", "ip -d link show eth0");
            Assert.Contains($"ipvlan  mode {mode} ", link);
            Assert.Contains("mtu 1300", link);
            Assert.Empty(_network.Check("blue"));
            _network.Delete("blue");
        }
    }

    [SecondKernelFact]
    public void BehindAnotherPluginItTakesThatOnesLinkAndAddresses()
    {
        _network.Use("""{"type": "macvlan", "master": "m0", @IPAM@}, {"type": "ipvlan", "linkInContainer": true}""", "1.1.0");
        CniException error = Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Equal(CniErrorIds.InterfaceExists, error.ErrorId); // both are to be eth0: only a foreign runtime names them apart

        _network.In("blue", "ip link add below type veth peer name other");
        _network.In("blue", "ip link set below up");
        CniRuntime runtime = _network.WithProgram("before", """
            cat > /dev/null
            [ "$CNI_COMMAND" = ADD ] && echo '{"cniVersion": "1.0.0", "interfaces": [{"name": "below", "sandbox": "'"$CNI_NETNS"'"}], "ips": [{"address": "10.9.0.5/24", "interface": 0}]}'
            exit 0
            """);
        _network.Use("""{"type": "before"}, {"type": "ipvlan", "linkInContainer": true}""");
        CniResult result = runtime.Add(_network.List, _network.Attachment("blue"))!;
        Assert.Equal("eth0", Assert.Single(result.Interfaces).Name);
        Assert.Equal("10.9.0.5/24", Assert.Single(result.Ips).Address.ToString());
        Assert.Contains("eth0@below", _network.In("blue", "ip -o link"));
        Assert.Contains("10.9.0.5/24", _network.In("blue", "ip addr show eth0"));
        Assert.Empty(runtime.Check(_network.List, _network.Attachment("blue")));
        runtime.Delete(_network.List, _network.Attachment("blue"));
        Assert.DoesNotContain("eth0", _network.In("blue", "ip -o link"));
    }

    [SecondKernelFact]
    public void WhatCantBeIsRefusedAndLeavesNothing()
    {
        _network.Container("blue");
        string before = _network.Snapshot();
        foreach ((string keys, string message) in ((string, string)[])
        [
            ("\"master\": \"m0\", \"mode\": \"l4\", @IPAM@", "unknown ipvlan mode: \"l4\""),
            ("\"master\": \"m9\", @IPAM@", "failed to lookup master \"m9\": no such link"),
            ("\"master\": \"m0\", \"mtu\": 9000, @IPAM@", "invalid MTU 9000, must be [0, master MTU(1400)]"),
            ("\"master\": \"m0\"", "ipvlan needs \"ipam\", or addresses of the plugin before it"),
            ("\"master\": \"m0\", \"ipam\": {\"type\": \"host-local\", \"subnet\": \"10.15.20.0/31\"}", "too small"),
        ])
        {
            _network.Use($$"""{"type": "ipvlan", {{keys}} }""");
            Assert.Contains(message, Assert.ThrowsAny<CniException>(() => _network.Add("blue")).Message);
        }

        Assert.Equal(before, _network.Snapshot());
    }

    [SecondKernelFact]
    public void ANameThatTheHostHasTooIsNoHindrance()
    {
        Sandbox.Run($"ip -n {_network.HostName} link add eth0 type veth peer name other");
        _network.Use(Plain);
        _network.Add("blue");
        Assert.Contains("eth0@", _network.In("blue", "ip -o link"));
        _network.Use("""{"type": "macvlan", "master": "m0", @IPAM@}""");
        CniException busy = Assert.ThrowsAny<CniException>(() => _network.Add("red")); // one master is for one kind
        Assert.Contains("busy", busy.Message);
        Assert.DoesNotContain("cni", _network.In("red", "ip -o link"));
    }

    [SecondKernelFact]
    public void CheckNamesEveryDifference()
    {
        _network.Use("""{"type": "ipvlan", "master": "m0", "mtu": 1300, @IPAM@}""");
        _network.Add("blue");
        _network.In("blue", "ip link set eth0 type ipvlan mode l3");
        _network.In("blue", "ip link set eth0 down mtu 1200");
        IReadOnlyList<Difference> differences = _network.Check("blue");
        Assert.Equal(["MTU of eth0", "link eth0", "mode of eth0"], differences.Select(d => d.Subject).Order(StringComparer.Ordinal));
        Assert.Contains(differences, d => d.Message == "Container IPVlan mode l3 does not match expected value: l2");
    }

    [SecondKernelFact]
    public void TheGoProgramDoesTheSame()
    {
        _network.Use("""{"type": "ipvlan", "master": "m0", "mode": "l3", "mtu": 1300, @IPAM@}""");
        LinkPluginComparison.Compare(_network, "eth0", "net1");
    }
}
