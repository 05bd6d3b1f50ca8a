using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tests;
using Xunit;

namespace CniPS.Engine.Tests.Plugins;

/// <summary>The native vrf behind macvlan, in a kernel that has it.</summary>
[Collection(SecondKernelCollection.Name)]
public sealed class VrfTests : IDisposable
{
    private const string Macvlan = """{"type": "macvlan", "master": "m0", @IPAM@}""";
    private const string Both = "\"ranges\": [[{\"subnet\": \"10.15.20.0/24\"}], [{\"subnet\": \"fd00:15::/64\"}]], \"routes\": [{\"dst\": \"0.0.0.0/0\"}, {\"dst\": \"::/0\"}]";

    private readonly TestNetwork _network = MasterNetwork.Create();

    public void Dispose() => _network.Dispose();

    // Duplicate address detection takes its time: one test has IPv6.
    private const string IPv4 = "\"subnet\": \"10.15.20.0/24\", \"routes\": [{\"dst\": \"0.0.0.0/0\"}]";

    private void Use(string vrf, string version = "1.0.0", string after = "", string ipam = IPv4) =>
        _network.Use($$"""{{Macvlan}}, {"type": "vrf", {{vrf}} }{{after}}""", version, ipam);

    [SecondKernelFact]
    public void AnInterfaceAndItsRoutesGoIntoTheVrf()
    {
        foreach (string version in (string[])["0.3.1", "1.1.0"])
        {
            Use("\"vrfname\": \"red\", \"table\": 1005", version, ipam: Both);
            _network.Add("blue");
            Assert.Contains("master red", _network.In("blue", "ip link show eth0"));
            Assert.Contains("vrf table 1005", _network.In("blue", "ip -d link show red"));
            Assert.Contains("default via 10.15.20.1 dev eth0", _network.In("blue", "ip route show table 1005"));
            Assert.Contains("default via fd00:15::1 dev eth0", _network.In("blue", "ip -6 route show table 1005"));
            Assert.Equal("", _network.In("blue", "ip route"));
            Assert.Contains("inet6 fd00:15::", _network.In("blue", "ip addr show eth0"));
            _network.In("blue", "ping -c1 -W2 -I eth0 10.15.20.1");
            if (version is not "0.3.1")
            {
                Assert.Empty(_network.Check("blue"));
            }

            _network.Delete("blue");
            _network.Delete("blue");
            Assert.Single(_network.In("blue", "ip -o link").Split('\n', StringSplitOptions.RemoveEmptyEntries)); // lo
        }
    }

    [SecondKernelFact]
    public void IPv6AddressesThatTheKernelTakesAwayComeBack()
    {
        CniRuntime runtime = _network.WithProgram("forget", """
            cat > "$0.input"
            if [ "$CNI_COMMAND" = ADD ]; then
                nsenter --net="$CNI_NETNS" sysctl -qw net.ipv6.conf.eth0.keep_addr_on_down=0
                python3 -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1]))["prevResult"]))' "$0.input"
            fi
            exit 0
            """);
        _network.Use($$"""{{Macvlan}}, {"type": "forget"}, {"type": "vrf", "vrfname": "red"}""", ipam: Both);
        runtime.Add(_network.List, _network.Attachment("blue"));
        Assert.Contains("fd00:15::2/64", _network.In("blue", "ip addr show eth0"));
        Assert.Contains("default via fd00:15::1 dev eth0", _network.In("blue", "ip -6 route show table 1"));
        _network.In("blue", "ping -c1 -W2 -I eth0 fd00:15::1");
    }

    [SecondKernelFact]
    public void TwoInterfacesShareAVrfAndTheLastTakesItAway()
    {
        Use("\"vrfname\": \"red\"");
        _network.Add("blue");
        _network.Add("blue", "net1");
        Assert.Contains("vrf table 1 ", _network.In("blue", "ip -d link show red"));
        _network.Delete("blue");
        Assert.Contains("master red", _network.In("blue", "ip link show net1"));
        _network.Delete("blue", "net1");
        Assert.DoesNotContain("red", _network.In("blue", "ip -o link"));
    }

    [SecondKernelFact]
    public void ATableWithRoutesIsNotFree()
    {
        _network.In("blue", "ip link set lo up");
        _network.In("blue", "ip route add 192.0.2.0/24 dev lo table 1");
        _network.In("blue", "ip link add other up type vrf table 2");
        Use("\"vrfname\": \"red\"");
        _network.Add("blue");
        Assert.Contains("vrf table 3 ", _network.In("blue", "ip -d link show red"));
    }

    [SecondKernelFact]
    public void WhatCantBeIsRefusedAndLeavesNothing()
    {
        _network.In("blue", "ip link add red up type vrf table 7");
        _network.In("blue", "ip link add black type dummy");
        string before = _network.Snapshot();
        foreach ((string keys, string message) in ((string, string)[])
        [
            ("\"vrfname\": \"red\", \"table\": 8", "VRF red already exist with different routing table 7"),
            ("\"vrfname\": \"black\"", "Netlink black is not a VRF"),
            ("\"table\": 8", "configuration is expected to have a valid vrf name"),
            ("\"vrfname\": \"green\", \"table\": -8", "-8 is out of range"),
        ])
        {
            Use(keys);
            Assert.Contains(message, Assert.ThrowsAny<CniException>(() => _network.Add("blue")).Message);
        }

        Assert.Equal(before, _network.Snapshot());

        _network.Use("""{"type": "vrf", "vrfname": "red"}""");
        Assert.Contains("missing prevResult from earlier plugin", Assert.ThrowsAny<CniException>(() => _network.Add("blue")).Message);
    }

    [SecondKernelFact]
    public void ARollbackTakesTheVrfAwayUnlessSomebodyUsesIt()
    {
        _network.Container("blue");
        string before = _network.Snapshot();
        Use("\"vrfname\": \"red\"", after: """, {"type": "vrf", "vrfname": "green"}""");
        CniException error = Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Contains("interface eth0 has already a master set: red", error.Message);
        Assert.Equal(before, _network.Snapshot());

        Use("\"vrfname\": \"red\"");
        _network.Add("blue", "net1");
        Use("\"vrfname\": \"red\"", after: """, {"type": "vrf", "vrfname": "green"}""");
        Assert.ThrowsAny<CniException>(() => _network.Add("blue"));
        Assert.Contains("master red", _network.In("blue", "ip link show net1"));
    }

    [SecondKernelFact]
    public void CheckNamesEveryDifference()
    {
        Use("\"vrfname\": \"red\", \"table\": 1005");
        _network.Add("blue");
        _network.In("blue", "ip link set red down");
        _network.In("blue", "ip route del default table 1005");
        IReadOnlyList<Difference> differences = _network.Check("blue");
        Assert.Contains(differences, d => d.Subject == "VRF red");
        Assert.Contains(differences, d => d.Subject == "route 0.0.0.0/0");
        foreach (Difference difference in differences)
        {
            _network.Sandbox.Host.Apply(difference.Repair);
        }

        Assert.Empty(_network.Check("blue"));
        _network.In("blue", "ip link set eth0 nomaster");
        Assert.Contains(_network.Check("blue"), d => d.Message == "failed to find eth0 associated to vrf red");
        _network.In("blue", "ip link del red");
        Assert.Contains(_network.Check("blue"), d => d.Message == "VRF red not found");
    }

    [SecondKernelFact]
    public void APlanIsTheCommands()
    {
        Use("\"vrfname\": \"red\", \"table\": 1005");
        string blue = _network.Container("blue");
        IReadOnlyList<string> commands = _network.PlanAdd("blue");
        Assert.Equal(
            [
                $"ip -n {blue} link add name red up type vrf table 1005",
                $"ip -n {blue} link set eth0 master red",
                $"ip -n {blue} route replace default via 10.15.20.1 dev eth0 table 1005",
            ],
            commands.SkipWhile(c => !c.Contains("type vrf", StringComparison.Ordinal)).Select(c => c.Replace(" scope 0", "", StringComparison.Ordinal)));
        foreach (string command in commands)
        {
            Sandbox.Run(command);
        }

        _network.In("blue", "ping -c1 -W2 -I eth0 10.15.20.1");
    }

    [SecondKernelFact]
    public void TheGoProgramDoesTheSame()
    {
        // Debian's version does not move routes yet.
        _network.Use($$"""{{Macvlan}}, {"type": "vrf", "vrfname": "red"}""", "0.4.0");
        LinkPluginComparison.Compare(_network, "eth0", "net1");
    }
}
