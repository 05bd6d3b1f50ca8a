using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Diagnosis;
using CniPS.Linux.Namespaces;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace CniPS.Engine.Tests.Diagnosis;

/// <summary>Each fault is made, found and named, mended as is said, and then packets pass.</summary>
public sealed class FaultTests : IDisposable
{
    private const string Red = "10.15.20.3", Outside = "192.0.2.9", Red6 = "fd00:15:20::3", Outside6 = "fd00:ff::9";

    private readonly FaultNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Theory]
    // On one bridge.
    [InlineData("InterfaceDown", "ip -n @red link set eth0 down", "blue", Red)]
    [InlineData("InterfaceDown", "ip -n @host link set @vred down", "blue", Red)]
    [InlineData("InterfaceDown", "ip -n @blue link set eth0 down", "blue", Red)]
    [InlineData("InterfaceDown", "ip -n @host link set @vblue down", "blue", Red)]
    [InlineData("BridgeDown", "ip -n @host link set cni_bridge0 down", "blue", Outside)]
    [InlineData("PortNotInBridge", "ip -n @host link set @vred nomaster", "blue", Red)]
    [InlineData("PortIsolated", "ip netns exec @host bridge link set dev @vred isolated on; ip netns exec @host bridge link set dev @vblue isolated on", "blue", Red)]
    [InlineData("PortBlocked", "ip netns exec @host bridge link set dev @vred state 0", "blue", Red)]
    [InlineData("AddressGone", "ip -n @red addr del 10.15.20.3/24 dev eth0", "blue", Red)]
    [InlineData("AddressGone", "ip -n @blue addr flush dev eth0 scope global", "blue", Red)]
    [InlineData("FamilyDisabled", "ip netns exec @red sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1", "blue", Red6)]
    [InlineData("NeighbourWrong", "ip -n @blue neigh replace 10.15.20.3 lladdr 02:00:00:00:00:99 dev eth0 nud permanent", "blue", Red)]
    [InlineData("NeighbourWrong", "ip -n @red neigh replace 10.15.20.2 lladdr 02:00:00:00:00:99 dev eth0 nud permanent", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table bridge f; add chain bridge f c { type filter hook forward priority 0; }; add rule bridge f c ip daddr 10.15.20.3 drop'", "blue", Red)]
    [InlineData("EchoIgnored", "ip netns exec @red sysctl -qw net.ipv4.icmp_echo_ignore_all=1", "blue", Red)]
    [InlineData("InterfaceDown", "ip -n @blue link set lo down", "blue", "10.15.20.2")]
    // Routes.
    [InlineData("RouteMissing", "ip -n @blue route del default", "blue", Outside)]
    [InlineData("RouteMissing", "ip -n @blue -6 route del default", "blue", Outside6)]
    [InlineData("RouteRefuses", "ip -n @blue route add blackhole 192.0.2.0/24", "blue", Outside)]
    [InlineData("RouteRefuses", "ip -n @blue route add unreachable 192.0.2.9/32", "blue", Outside)]
    [InlineData("RouteRefuses", "ip -n @host route add prohibit 192.0.2.9/32", "blue", Outside)]
    [InlineData("RouteWrong", "ip -n @blue route replace default via 10.15.20.99", "blue", Outside)]
    [InlineData("RuleRefuses", "ip -n @blue rule add to 192.0.2.0/24 priority 77 prohibit", "blue", Outside)]
    // Through the host.
    [InlineData("ForwardingOff", "ip netns exec @host sysctl -qw net.ipv4.ip_forward=0", "blue", Outside)]
    [InlineData("ForwardingOff", "ip netns exec @host sysctl -qw net.ipv6.conf.all.forwarding=0", "blue", Outside6)]
    [InlineData("ForwardingOffOnInterface", "ip netns exec @host sysctl -qw net.ipv4.conf.cni_bridge0.forwarding=0", "blue", Outside)]
    [InlineData("MasqueradeMissing", "ip netns exec @host nft flush set inet cnips masquerade4-24", "blue", Outside)]
    [InlineData("MasqueradeMissing", "ip netns exec @host nft flush set inet cnips masquerade6-64", "blue", Outside6)]
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table inet f; add chain inet f c { type filter hook forward priority 5; }; add rule inet f c iifname cni_bridge0 counter drop'", "blue", Outside)]
    [InlineData("RuleRejects", "ip netns exec @host nft 'add table ip f; add chain ip f c { type filter hook prerouting priority -10; }; add rule ip f c ip saddr { 10.15.20.0/24, 10.99.0.0/16 } reject'", "blue", Outside)]
    [InlineData("RuleDrops", "ip netns exec @blue nft 'add table inet f; add chain inet f c { type filter hook output priority 0; }; add rule inet f c ip daddr 192.0.2.9 meta l4proto icmp drop'", "blue", Outside)]
    [InlineData("RuleDrops", "ip netns exec @red nft 'add table inet f; add chain inet f c { type filter hook input priority 0; }; add chain inet f d; add rule inet f d drop; add rule inet f c jump d'", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @red nft 'add table inet f; add chain inet f c { type filter hook output priority 0; }; add rule inet f c ct state established drop'", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table ip6 f; add chain ip6 f c { type filter hook forward priority 0; }; add map ip6 f m { type ipv6_addr : verdict; }; add element ip6 f m { fd00:ff::9 : drop }; add rule ip6 f c ip6 daddr vmap @m'", "blue", Outside6)]
    [InlineData("RuleDrops", "ip netns exec @host iptables-nft -A FORWARD -s 10.15.20.0/24 -m comment --comment x -j DROP", "blue", Outside)]
    [InlineData("RuleDrops", "ip netns exec @host iptables-legacy -A FORWARD -s 10.15.20.0/24 -j DROP", "blue", Outside)]
    [InlineData("ReversePathFiltered", "ip -n @host route add 192.0.2.9/32 dev cni_bridge0; ip netns exec @host sysctl -qw net.ipv4.conf.up0.rp_filter=1", "outside", "192.0.2.1")]
    [InlineData("PolicyDrops", "ip netns exec @host nft 'add table inet f; add chain inet f c { type filter hook forward priority 5; policy drop; }; add rule inet f c ct state established accept'", "blue", Outside)]
    [InlineData("PolicyDrops", "ip netns exec @host iptables-nft -P FORWARD DROP; ip netns exec @host iptables-nft -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "blue", Outside)]
    [InlineData("MtuTooSmall", "ip -n @host link set up0 mtu 1400", "blue", Outside)]
    public void A_fault_is_named_and_mended(string id, string injection, string from, string to)
    {
        _network.Shell(injection);
        IReadOnlyList<PathReport> broken = _network.Follow(from, to);
        Cause[] causes = [.. broken.SelectMany(report => report.Causes)];
        Assert.True(causes.Any(cause => cause.Id == id), $"{id} was not found:\n{FaultNetwork.Show(broken)}");

        for (int i = 0; i < 4 && causes.Length > 0; i++)
        {
            _network.Repair(causes[0]);
            causes = [.. _network.Follow(from, to).SelectMany(report => report.Causes)];
        }

        Assert.True(causes.Length == 0, FaultNetwork.Show(_network.Follow(from, to)));
        Assert.True(_network.Pings(from, to), "what was mended doesn't work: " + FaultNetwork.Show(_network.Follow(from, to)));
    }

    [Theory]
    [InlineData("blue", Red)]
    [InlineData("blue", Red6)]
    [InlineData("red", "blue")]
    [InlineData("blue", Outside)]
    [InlineData("blue", Outside6)]
    [InlineData("blue", "host")]
    [InlineData("host", "blue")]
    [InlineData("outside", "192.0.2.1")]
    [InlineData("blue", "10.15.20.1")]
    public void What_works_is_called_healthy(string from, string to)
    {
        IReadOnlyList<PathReport> reports = _network.Follow(from, to);
        Assert.All(reports, report => Assert.True(report.IsReachable, FaultNetwork.Show(reports)));
        Assert.All(reports, report => Assert.Contains(report.Hops, hop => hop is { IsBack: true, Stage: "deliver" }));
        Assert.All(reports, report => Assert.True(_network.Pings(from, report.Destination!.ToString()), FaultNetwork.Show(reports)));
    }

    [Theory]
    [InlineData("blue", "red", ProtocolType.Tcp)]
    [InlineData("blue", "red", ProtocolType.Udp)]
    [InlineData("host", "red", ProtocolType.Tcp)]
    public void A_service_is_found_or_missed(string from, string to, ProtocolType protocol)
    {
        Assert.All(_network.Follow(from, to, protocol, 80), report => Assert.Equal("NotListening", Assert.Single(report.Causes).Id));
        using Socket service = Listen("red", protocol, IPAddress.IPv6Any, 80);
        IReadOnlyList<PathReport> reports = _network.Follow(from, to, protocol, 80);
        Assert.Equal(2, reports.Count); // a socket of IPv6 takes both
        Assert.All(reports, report => Assert.True(report.IsReachable, FaultNetwork.Show(reports)));
    }

    [Fact]
    public void A_service_on_another_address_is_named()
    {
        _network.Shell("ip -n @red link set lo up");
        using Socket service = Listen("red", ProtocolType.Tcp, IPAddress.Loopback, 80);
        Assert.Equal("ListensElsewhere", Assert.Single(_network.Follow("blue", Red, ProtocolType.Tcp, 80)[0].Causes).Id);
    }

    [Theory]
    [InlineData("outside")]
    [InlineData("blue")]
    [InlineData(null)]
    public void A_published_port_leads_to_its_container_until_its_rules_are_gone(string? from)
    {
        using Socket service = Listen("red", ProtocolType.Tcp, IPAddress.Any, 80);
        PathReport healthy = Assert.Single(_network.Follow(from, null, published: 8080));
        Assert.True(healthy.IsReachable, FaultNetwork.Show([healthy]));
        Assert.Contains(healthy.Hops, hop => hop is { Stage: "deliver", Namespace: "red" });
        Assert.Equal("PortNotPublished", Assert.Single(Assert.Single(_network.Follow(from, null, published: 8081)).Causes).Id);

        _network.Shell("ip netns exec @host nft flush map inet cnips ports4");
        PathReport broken = Assert.Single(_network.Follow(from, null, published: 8080));
        Cause cause = Assert.Single(broken.Causes);
        Assert.True(cause.Id == "PortMappingMissing", FaultNetwork.Show([broken]));
        _network.Repair(cause);
        PathReport mended = Assert.Single(_network.Follow(from, null, published: 8080));
        Assert.True(mended.IsReachable, FaultNetwork.Show([mended]));
    }

    [Fact]
    public void A_packet_that_is_sent_is_right_where_reading_is_not()
    {
        PathReport healthy = Assert.Single(_network.Follow("blue", Red, probes: true));
        Assert.True(healthy.IsReachable, FaultNetwork.Show([healthy]));
        Assert.Equal("probe", healthy.Hops[^1].Stage);

        // What isn't read: whether who has an address says so.
        _network.Shell("ip netns exec @red sysctl -qw net.ipv4.conf.eth0.arp_ignore=8; ip -n @blue neigh flush dev eth0");
        Assert.True(Assert.Single(_network.Follow("blue", Red)).IsReachable);
        Assert.Equal("ProbeUnanswered", Assert.Single(Assert.Single(_network.Follow("blue", Red, probes: true)).Causes).Id);
    }

    [Fact]
    public void Two_faults_are_mended_one_behind_the_other()
    {
        _network.Shell("ip -n @blue route del default; ip netns exec @host sysctl -qw net.ipv4.ip_forward=0; ip netns exec @host nft flush set inet cnips masquerade4-24");
        List<string> found = [];
        while (Assert.Single(_network.Follow("blue", Outside)).Causes is [{ } cause])
        {
            found.Add(cause.Id);
            _network.Repair(cause);
        }

        Assert.Equal(["RouteMissing", "ForwardingOff", "MasqueradeMissing"], found);
        Assert.True(_network.Pings("blue", Outside));
    }

    [Fact]
    public void A_container_that_is_gone_is_named()
    {
        _network.Network.RemoveContainer("red");
        Assert.Equal("NamespaceGone", Assert.Single(Assert.Single(_network.Follow("blue", "red")).Causes).Id);
        Assert.Equal("NamespaceGone", Assert.Single(Assert.Single(_network.Follow("blue", Red)).Causes).Id);
    }

    private Socket Listen(string container, ProtocolType protocol, IPAddress address, int port)
    {
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(_network.Network.Container(container)));
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6, isTcp = protocol == ProtocolType.Tcp;
        SafeFileHandle handle = ns.OpenSocket(isV6 ? 10 : 2, isTcp ? 1 : 2, isTcp ? 6 : 17);
        Socket socket = new(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        socket.Bind(new IPEndPoint(address, port));
        if (isTcp)
        {
            socket.Listen();
        }

        return socket;
    }
}
