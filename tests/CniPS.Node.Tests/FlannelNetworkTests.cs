using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CniPS.Tests;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>Nodes of flannel's network for real: etcd, namespaces joined by veths, cnipsd and the plugin flannel in each.</summary>
public sealed class FlannelNetworkTests : IDisposable
{
    private const string Folder = "/coreos.com/network/subnets/";

    private readonly Sandbox _sandbox = new();
    private readonly Etcd _etcd;
    private readonly List<FlannelNode> _nodes = [];

    public FlannelNetworkTests()
    {
        // Two switches, and a router between them: what etcd is beside.
        foreach (int network in (int[])[98, 99])
        {
            Sandbox.Run(
                $"ip -n {_sandbox.HostName} link add switch{network} up type bridge && ip -n {_sandbox.HostName} addr add 10.{network}.0.1/24 dev switch{network} "
                + $"&& ip -n {_sandbox.HostName} addr add fd00:{network}::1/64 dev switch{network} nodad");
        }

        _sandbox.RunOnHost("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        _etcd = new Etcd(_sandbox.HostName, "10.99.0.1");
    }

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        _etcd.Dispose();
        _sandbox.Dispose();
    }

    [Theory]
    [InlineData("\"Type\":\"vxlan\"", "dev flannel.1", "dev flannel-v6.1", 1430)]
    [InlineData("\"Type\":\"vxlan\",\"VNI\":88,\"Port\":4789,\"DirectRouting\":true", "dev eth0", "dev eth0", 1430)]
    [InlineData("\"Type\":\"host-gw\"", "dev eth0", "dev eth0", 1500)]
    public void ContainersOfThreeNodesReachEachOtherByBothFamilies(string backend, string device, string device6, int mtu)
    {
        bool isRouted = backend.Contains("host-gw", StringComparison.Ordinal);
        Put(backend, both: true);
        FlannelNode one = Node(1), two = Node(2), three = Node(3, isRouted ? 99 : 98);
        Assert.Contains($"FLANNEL_MTU={mtu}\n", File.ReadAllText(one.SubnetFile));
        string[] containers = [one.Add("a"), two.Add("a"), three.Add("a")];
        foreach (string from in containers)
        {
            foreach (string to in containers.Where(to => to != from))
            {
                foreach (bool v6 in (bool[])[false, true])
                {
                    string address = FlannelNode.AddressOf(to, v6);
                    TestNode.WaitFor(() => FlannelNode.Reaches(from, address), $"{from} reaches {to} at {address}: {one.Log}{two.Log}{three.Log}");
                }
            }
        }

        Assert.Contains(device, one.Ip($"route show {Subnet(two)}"));
        Assert.Contains(device6, one.Ip($"-6 route show {Subnet(two, v6: true)}"));
        Assert.Contains(isRouted ? "dev eth0" : backend.Contains("88", StringComparison.Ordinal) ? "dev flannel.88" : "dev flannel.1", one.Ip($"route show {Subnet(three)}"));

        // What is full of the tunnel's MTU arrives, too: a larger packet would be lost.
        Assert.Equal(0, Sandbox.TryRun($"ip netns exec {containers[0]} ping -c 1 -W 5 -M do -s {mtu - 28} {FlannelNode.AddressOf(containers[2])}").Status);
        Assert.Equal(3, _etcd.Ctl("get", "--prefix", Folder, "--keys-only").Output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
        string value = _etcd.Ctl("get", "--print-value-only", Folder + one.Key()).Output;
        Assert.StartsWith("{\"PublicIP\":\"10.99.0.11\",\"PublicIPv6\":\"fd00:99::11\",\"BackendType\":\"" + (isRouted ? "host-gw\"}" : "vxlan\",\"BackendData\":{\"VNI\":"), value);
        Assert.Equal("", one.Run("--plan"));
    }

    [Fact]
    public void WhatSomebodyTakesAwayComesBackAlsoWhileEtcdIsAway()
    {
        Put("\"Type\":\"vxlan\"");
        FlannelNode one = Node(1), two = Node(2);
        string from = one.Add("a"), to = FlannelNode.AddressOf(two.Add("a")), subnet = Subnet(two), way = subnet[..^3];
        TestNode.WaitFor(() => FlannelNode.Reaches(from, to), "a way");
        _etcd.Kill();
        string mac = Mac(one), peer = Mac(two);
        foreach (string taken in (string[])
        [
            $"ip -n {one.Namespace} route del {subnet}", $"ip -n {one.Namespace} neigh del {way} dev flannel.1",
            $"bridge -n {one.Namespace} fdb del {peer} dev flannel.1 dst 10.99.0.12", $"ip -n {one.Namespace} addr flush dev flannel.1",
            $"ip -n {one.Namespace} link set flannel.1 down", $"ip -n {one.Namespace} link set flannel.1 address 02:00:00:00:00:99",
            $"ip -n {one.Namespace} link del flannel.1", $"ip -n {one.Namespace} link set eth0 down && ip -n {one.Namespace} link set eth0 up", // and no default route any more
            $"ip -n {one.Namespace} route del {subnet}",
        ])
        {
            Sandbox.Run(taken);
            TestNode.WaitFor(() => IsWhole(one, subnet, way, peer), $"what is gone after {taken}: {one.Log}");
            Assert.Equal(mac, Mac(one)); // which two knows
            TestNode.WaitFor(() => FlannelNode.Reaches(from, to), $"a way after {taken}");
        }

        one.Ip("route add default via 10.99.0.1");

        // Killed without etcd: packets go on; and with it it is where it was.
        one.Kill();
        Assert.True(FlannelNode.Reaches(from, to));
        Sandbox.Run($"ip -n {one.Namespace} route del {subnet}");
        _etcd.Start();
        one.Start();
        Assert.Contains("as it was", one.Log);
        TestNode.WaitFor(() => IsWhole(one, subnet, way, peer), "what was gone in the meantime");
        Assert.Equal(mac, Mac(one));

        // Who comes now is seen: a watch that lost its connection goes on.
        FlannelNode three = Node(3);
        TestNode.WaitFor(() => one.Ip("route").Contains(Subnet(three), StringComparison.Ordinal) && two.Ip("route").Contains(Subnet(three), StringComparison.Ordinal), "the new one's route");
    }

    // The kernel tells of these; without that they are looked at every ten seconds.
    [Fact]
    public void ALineOrNeighbourThatIsTakenAwayIsBackAtOnceAlsoAfterARestart()
    {
        Put("\"Type\":\"vxlan\"");
        FlannelNode one = Node(1), two = Node(2);
        string subnet = Subnet(two), way = subnet[..^3], peer = Mac(two);
        TestNode.WaitFor(() => IsWhole(one, subnet, way, peer), "a way to two");
        one.Kill();
        one.Start();
        TestNode.WaitFor(() => one.Log.Split("as it was").Length > 1, "it is where it was");
        System.Diagnostics.Stopwatch all = System.Diagnostics.Stopwatch.StartNew();
        for (int i = 0; i < 6; i++)
        {
            Sandbox.Run(i % 2 == 0 ? $"bridge -n {one.Namespace} fdb del {peer} dev flannel.1 dst 10.99.0.12" : $"ip -n {one.Namespace} neigh del {way} dev flannel.1");
            TestNode.WaitFor(() => IsWhole(one, subnet, way, peer), one.Log);
        }

        // Six times ten seconds else, or five on the average.
        Assert.True(all.Elapsed < TimeSpan.FromSeconds(15), $"{all.Elapsed}\n{one.Log}");
        TestContext.Current.TestOutputHelper?.WriteLine($"six were back after {all.Elapsed.TotalSeconds:0.0} s");
    }

    // The router knows no way back to containers: who gets an answer from it has the node's address there.
    [Fact]
    public void WhatLeavesTheNetworkIsMasqueradedByCnipsdWhereThatIsAskedFor()
    {
        Put("\"Type\":\"vxlan\"");
        FlannelNode one = new(_sandbox, 1, _etcd.Endpoint), two = Node(2);
        _nodes.Add(one);
        Assert.Contains("ip saddr 10.5.0.0/16 ip daddr != 224.0.0.0/4 masquerade", one.Run("--ip-masq", "--plan"));
        one.Start("--ip-masq");
        Assert.Contains("FLANNEL_IPMASQ=true\n", File.ReadAllText(one.SubnetFile));
        string from = one.Add("a"), other = two.Add("a"), to = FlannelNode.AddressOf(other);
        TestNode.WaitFor(() => FlannelNode.Reaches(from, "10.99.0.1"), "the way out");
        Assert.False(FlannelNode.Reaches(other, "10.99.0.1"));

        // To other containers with its own address: answers to the tunnel's end would be lost.
        Sandbox.Run($"ip -n {other} route add blackhole {Subnet(one)[..^3]}/32 && ip -n {other} route add blackhole 10.99.0.11/32");
        TestNode.WaitFor(() => FlannelNode.Reaches(from, to), "the other one");

        string rules = Sandbox.Run($"ip netns exec {one.Namespace} nft list table inet cnips-node");
        Sandbox.Run($"ip netns exec {one.Namespace} nft flush chain inet cnips-node masquerade4");
        TestNode.WaitFor(() => Sandbox.Run($"ip netns exec {one.Namespace} nft list table inet cnips-node") == rules, "what somebody flushed is back");
    }

    [Fact]
    public void ANodeThatLeavesTakesItsWaysAlongAndNobodyElses()
    {
        Put("\"Type\":\"vxlan\"");
        FlannelNode one = Node(1), two = Node(2), three = Node(3);
        string gone = Subnet(three), stays = Subnet(two), peer = Mac(three);
        TestNode.WaitFor(() => IsWhole(one, gone, gone[..^3], peer), "a way to three");
        one.Ip("route add 10.77.0.0/16 via 10.99.0.12");
        one.Ip("route add 10.5.250.0/24 via 10.99.0.12");
        one.Ip("neigh add 10.99.0.77 lladdr 02:00:00:00:00:77 dev eth0 nud permanent");
        three.Kill();
        Assert.Equal("1\n", _etcd.Ctl("del", Folder + three.Key()).Output);
        TestNode.WaitFor(() => !one.Ip("route").Contains(gone, StringComparison.Ordinal), "its route is gone");
        Assert.DoesNotContain(peer, one.Bridge("fdb show dev flannel.1"));
        Assert.DoesNotContain(gone[..^3], one.Ip("neigh show dev flannel.1"));
        string left = one.Ip("route");
        Assert.Contains(stays, left);
        Assert.Contains("10.77.0.0/16 via 10.99.0.12 dev eth0", left);
        Assert.Contains("10.5.250.0/24 via 10.99.0.12 dev eth0", left);
        Assert.Contains("10.99.0.77", one.Ip("neigh show dev eth0"));
    }

    // The machine is started again, while etcd is away: the kernel is empty, and so is /run.
    [Fact]
    public void AfterARebootWithoutEtcdTheRoutesStand()
    {
        Put("\"Type\":\"vxlan\"");
        FlannelNode one = Node(1), two = Node(2);
        string subnet = Subnet(two), way = subnet[..^3], peer = Mac(two), mac = Mac(one), file = File.ReadAllText(one.SubnetFile);
        TestNode.WaitFor(() => IsWhole(one, subnet, way, peer), "a way to two");
        _etcd.Kill();
        one.Kill();
        one.Ip("link del flannel.1");
        File.Delete(one.SubnetFile);
        one.StartWithoutStore();
        TestNode.WaitFor(() => IsWhole(one, subnet, way, peer), $"a way to two: {one.Log}");
        Assert.Equal(mac, Mac(one));
        TestNode.WaitFor(() => File.Exists(one.SubnetFile), "the file");
        Assert.Equal(file, File.ReadAllText(one.SubnetFile));
        string from = one.Add("a"), to = FlannelNode.AddressOf(two.Add("a"));
        TestNode.WaitFor(() => FlannelNode.Reaches(from, to), "a way");
        _etcd.Start();
        TestNode.WaitFor(() => one.Log.Contains("store: works again", StringComparison.Ordinal), one.Log);
        FlannelNode three = Node(3);
        TestNode.WaitFor(() => one.Ip("route").Contains(Subnet(three), StringComparison.Ordinal), "the new one's route");
    }

    [Fact]
    public void ASubnetThatWasLostIsHadAgainOrAnotherOneIfSomebodyHasIt()
    {
        Put("\"Type\":\"host-gw\"");
        FlannelNode one = Node(1);
        string key = one.Key(), value = _etcd.Ctl("get", "--print-value-only", Folder + key).Output.Trim();
        Assert.Contains("granted with TTL(86400s)", _etcd.Ctl("lease", "timetolive", $"{StoreLease(key):x}").Output);
        _etcd.Ctl("del", Folder + key);
        TestNode.WaitFor(() => _etcd.Ctl("get", "--print-value-only", Folder + key).Output.Trim() == value, "it is put again");
        Assert.Contains($"subnet {key} was missing in the store, and is put again", one.Log);

        _etcd.Ctl("put", Folder + key, """{"PublicIP":"10.99.0.77","PublicIPv6":null,"BackendType":"host-gw"}""");
        TestNode.WaitFor(() => one.Key() != key, "another one");
        Assert.Contains($"CONFLICT: subnet {key} is another node's by the store", one.Log);
        TestNode.WaitFor(() => one.Ip("route").Contains(key.Replace('-', '/') + " via 10.99.0.77", StringComparison.Ordinal), "a way to the one that has it");

        // Reserved for a node: without a lease, and that stays so.
        FlannelNode two = new(_sandbox, 2, _etcd.Endpoint);
        _nodes.Add(two);
        _etcd.Ctl("put", Folder + "10.5.200.0-24", """{"PublicIP":"10.99.0.12","PublicIPv6":null}""");
        two.Start();
        Assert.Equal("10.5.200.0-24", two.Key());
        Assert.Equal(0, StoreLease(two.Key()));
        Assert.Contains("host-gw", _etcd.Ctl("get", "--print-value-only", Folder + two.Key()).Output);
    }

    private long StoreLease(string key)
    {
        using JsonDocument answer = JsonDocument.Parse(_etcd.Ctl("get", Folder + key, "-w", "json").Output);
        return answer.RootElement.GetProperty("kvs")[0].TryGetProperty("lease", out JsonElement lease) ? lease.GetInt64() : 0;
    }

    private static bool IsWhole(FlannelNode node, string subnet, string way, string peer) =>
        Sandbox.TryRun($"ip -n {node.Namespace} link show flannel.1 up") is { Status: 0, Output.Length: > 0 }
        && node.Ip("addr show dev flannel.1").Contains("/32", StringComparison.Ordinal)
        && node.Ip("route").Contains($"{subnet} via {way} dev flannel.1", StringComparison.Ordinal)
        && node.Ip("neigh show dev flannel.1").Contains($"{way} lladdr {peer} PERMANENT", StringComparison.Ordinal)
        && node.Bridge("fdb show dev flannel.1").Contains(peer, StringComparison.Ordinal);

    private static string Mac(FlannelNode node) => node.Ip("-br link show dev flannel.1").Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];

    // As ip prints it.
    private static string Subnet(FlannelNode node, bool v6 = false)
    {
        string[] parts = node.Key().Split('&');
        string key = v6 ? parts[1] : parts[0];
        int hyphen = key.LastIndexOf('-');
        return $"{key[..hyphen]}/{key[(hyphen + 1)..]}";
    }

    private void Put(string backend, bool both = false) => _etcd.Ctl(
        "put", "/coreos.com/network/config",
        both ? $$"""{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48","Backend":{ {{backend}} } }""" : $$"""{"Network":"10.5.0.0/16","Backend":{ {{backend}} } }""");

    private FlannelNode Node(int number, int network = 99)
    {
        FlannelNode node = new(_sandbox, number, _etcd.Endpoint, network);
        _nodes.Add(node);
        node.Start();
        return node;
    }
}
