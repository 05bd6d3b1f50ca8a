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
    [InlineData("AddressPrefixWrong", "ip -n @blue addr del 10.15.20.2/24 dev eth0; ip -n @blue addr add 10.15.20.2/32 dev eth0", "blue", Red)]
    [InlineData("AddressPrefixWrong", "ip -n @red addr del 10.15.20.3/24 dev eth0; ip -n @red addr add 10.15.20.3/32 dev eth0", "blue", Red)]
    [InlineData("AddressPrefixWrong", "ip -n @blue addr del 10.15.20.2/24 dev eth0; ip -n @blue addr add 10.15.20.2/1 dev eth0; ip -n @blue route add 128.0.0.0/1 dev eth0", "blue", Outside)]
    [InlineData("AddressDuplicate", "ip -n @host link add two0 type veth peer name eth1 netns @outside; ip -n @host link set two0 master cni_bridge0 up; ip -n @outside addr add 10.15.20.3/24 dev eth1; ip -n @outside link set eth1 up", "blue", Red)]
    [InlineData("ForwardingDatabaseWrong", "ip netns exec @host bridge fdb replace @mred dev @vblue master static", "blue", Red)]
    [InlineData("ForwardingDatabaseWrong", "ip netns exec @blue ping -qc1 -W1 10.15.20.3; ip netns exec @host bridge link set dev @vred learning off; ip netns exec @host bridge fdb replace @mred dev @vblue master dynamic", "blue", Red)]
    [InlineData("AddressUnknown", "true", "blue", "10.15.20.77", false)]
    // What a link itself lets in or out: netdev's hooks, on the way and at its ends.
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table netdev f; add chain netdev f c { type filter hook ingress device \"@vblue\" priority 0; }; add rule netdev f c ip daddr 10.15.20.3 drop'", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table netdev f; add chain netdev f c { type filter hook egress device \"@vred\" priority 0; }; add rule netdev f c ip daddr 10.15.20.3 drop'", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @red nft 'add table netdev f; add chain netdev f c { type filter hook ingress device \"eth0\" priority 0; }; add rule netdev f c ip saddr 10.15.20.2 counter drop'", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table netdev f; add chain netdev f c { type filter hook egress device \"up0\" priority 0; }; add rule netdev f c meta protocol ip drop'", "blue", Outside)]
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table inet f; add chain inet f c { type filter hook ingress device \"cni_bridge0\" priority 0; }; add rule inet f c ip daddr 192.0.2.9 drop'", "blue", Outside)]
    // What a bridge passes on passes IP's rules as well (br_netfilter).
    [InlineData("RuleDrops", "ip netns exec @host sysctl -qw net.bridge.bridge-nf-call-iptables=1; ip netns exec @host iptables-nft -A FORWARD -s 10.15.20.2 -d 10.15.20.3 -j DROP", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @host sysctl -qw net.bridge.bridge-nf-call-iptables=1; ip netns exec @host iptables-legacy -t mangle -A PREROUTING -s 10.15.20.3 -j DROP", "blue", Red)]
    [InlineData("PolicyDrops", "ip netns exec @host sysctl -qw net.bridge.bridge-nf-call-iptables=1; ip netns exec @host iptables-nft -P FORWARD DROP", "blue", Red)]
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
    public void A_fault_is_named_and_mended(string id, string injection, string from, string to, bool isMendable = true)
    {
        _network.Shell(injection);
        _network.IsNamed(id, from, to);
        if (isMendable)
        {
            _network.IsMended(from, to);
        }
    }

    [Theory]
    [InlineData("InterfaceDown", "ip -n @host link set @vred down", "blue", Red)]
    [InlineData("RouteMissing", "ip -n @host route del 10.15.20.3", "blue", Red)]
    [InlineData("RouteMissing", "ip -n @blue route del default", "blue", Outside)]
    [InlineData("ForwardingOff", "ip netns exec @host sysctl -qw net.ipv4.ip_forward=0", "blue", Red)]
    [InlineData("ForwardingOffOnInterface", "ip netns exec @host sysctl -qw net.ipv4.conf.@vred.forwarding=0", "blue", Red)]
    [InlineData("ForwardingOff", "ip netns exec @host sysctl -qw net.ipv6.conf.all.forwarding=0", "blue", Red6)]
    [InlineData("NeighbourWrong", "ip -n @host neigh replace 10.15.20.3 lladdr 02:00:00:00:00:99 dev @vred nud permanent", "blue", Red)]
    [InlineData("PolicyDrops", "ip netns exec @host iptables-nft -P FORWARD DROP", "blue", Red)]
    [InlineData("RuleDrops", "ip netns exec @host nft 'add table netdev f; add chain netdev f c { type filter hook ingress device \"@vblue\" priority 0; }; add rule netdev f c drop'", "blue", Red)]
    [InlineData("MasqueradeMissing", "ip netns exec @host nft flush set inet cnips masquerade4-24", "blue", Outside)]
    [InlineData("MtuTooSmall", "ip -n @host link set @vred mtu 1400", "blue", Red)]
    public void Without_a_bridge_too(string id, string injection, string from, string to)
    {
        using FaultNetwork network = new(FaultNetwork.Ptp);
        network.IsHealthy("blue", Red);
        network.IsHealthy("blue", Outside);
        network.IsHealthy("blue", Red6);
        network.Shell(injection);
        network.IsNamed(id, from, to);
        network.IsMended(from, to);
    }

    [Fact]
    public void An_address_that_somebody_unseen_has_too_is_asked_for()
    {
        // A namespace with neither a name nor a process: as far from sight as another machine.
        string far = _network.Network.HostName + "-far", file = System.IO.Path.Combine(_network.Network.Sandbox.Folder, "far");
        _network.Shell($"""
            ip netns add {far}; ip -n @host link add far0 type veth peer name eth0 netns {far}; ip -n @host link set far0 master cni_bridge0 up
            ip -n {far} addr add 10.15.20.3/24 dev eth0; ip -n {far} link set eth0 up; touch {file}; mount --bind /run/netns/{far} {file}; ip netns del {far}
            """);
        try
        {
            Assert.True(Assert.Single(_network.Follow("blue", Red)).IsReachable); // what is unseen can't be read
            for (int i = 0; i < 100 && Assert.Single(_network.Follow("blue", Red, probes: true)).IsReachable; i++)
            {
                System.Threading.Thread.Sleep(50); // the kernel takes its time to see that the port is up
            }

            Cause cause = Assert.Single(Assert.Single(_network.Follow("blue", Red, probes: true)).Causes);
            Assert.Equal("AddressDuplicate", cause.Id);
            Assert.Contains(CniPS.Tests.Sandbox.Run($"nsenter --net={file} ip -br link show eth0 | awk '{{print $3}}'").Trim(), cause.Message, StringComparison.Ordinal);
            CniPS.Tests.Sandbox.Run($"nsenter --net={file} ip link set eth0 down");
            _network.Shell("ip -n @blue neigh flush all"); // whose answer came last is believed on
            Assert.True(Assert.Single(_network.Follow("blue", Red, probes: true)).IsReachable);
        }
        finally
        {
            CniPS.Tests.Sandbox.Run($"umount {file}");
        }
    }

    [Fact]
    public void A_connection_that_was_translated_before_goes_on_where_it_went()
    {
        using Socket service = Listen("red", ProtocolType.Udp, IPAddress.Any, 5353);
        const string Rules = "ip netns exec @host nft 'add table ip f; add chain ip f c { type nat hook prerouting priority -101; }; flush chain ip f c; add rule ip f c ip daddr 192.0.2.1 udp dport 5353 dnat to ";
        _network.Shell(Rules + "10.15.20.77:5353'");
        using Socket sender = Open("outside", ProtocolType.Udp, IPAddress.Any);
        sender.SendTo([1], new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5353));
        _network.Shell(Rules + "10.15.20.3:5353'");

        PathReport broken = Assert.Single(_network.Follow("outside", "192.0.2.1", ProtocolType.Udp, 5353));
        Cause cause = Assert.Single(broken.Causes);
        Assert.True(cause.Id == "ConnectionStale", FaultNetwork.Show([broken]));
        sender.SendTo([2], new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5353));
        Assert.False(service.Poll(200_000, SelectMode.SelectRead));

        _network.Repair(cause);
        PathReport mended = Assert.Single(_network.Follow("outside", "192.0.2.1", ProtocolType.Udp, 5353));
        Assert.True(mended.IsReachable, FaultNetwork.Show([mended]));
        sender.SendTo([3], new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5353));
        Assert.True(service.Poll(5_000_000, SelectMode.SelectRead));
        Assert.True(Assert.Single(_network.Follow("outside", "192.0.2.1", ProtocolType.Udp, 5353)).IsReachable); // one that is sent where it should be
    }

    // Faults that cost little, and don't hide their own repair: any two of them at once.
    private static readonly (string Id, string Injection)[] s_cheap =
    [
        ("InterfaceDown", "ip -n @host link set @vblue down"),
        ("BridgeDown", "ip -n @host link set cni_bridge0 down"),
        ("PortNotInBridge", "ip -n @host link set @vblue nomaster"),
        ("RouteMissing", "ip -n @blue route del default"),
        ("RouteRefuses", "ip -n @blue route add blackhole 192.0.2.9/32"),
        ("RuleRefuses", "ip -n @blue rule add to 192.0.2.0/24 priority 77 prohibit"),
        ("NeighbourWrong", "ip -n @blue neigh replace 10.15.20.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent"),
        ("ForwardingOff", "ip netns exec @host sysctl -qw net.ipv4.ip_forward=0"),
        ("MasqueradeMissing", "ip netns exec @host nft flush set inet cnips masquerade4-24"),
        ("RuleDrops", "ip netns exec @host nft 'add table inet f; add chain inet f c { type filter hook forward priority 5; }; add rule inet f c ip saddr 10.15.20.2 drop'"),
        ("RuleDrops", "ip netns exec @host nft 'add table netdev g; add chain netdev g c { type filter hook ingress device \"@vblue\" priority 0; }; add rule netdev g c ip daddr 192.0.2.9 drop'"),
        ("PolicyDrops", "ip netns exec @host iptables-nft -F FORWARD; ip netns exec @host iptables-nft -P FORWARD DROP"),
        ("MtuTooSmall", "ip -n @host link set up0 mtu 1400"),
    ];

    public static TheoryData<int> First => [.. Enumerable.Range(0, s_cheap.Length - 1)];

    [Theory]
    [MemberData(nameof(First))]
    public void Two_at_once_are_mended_whichever_they_are(int first)
    {
        for (int second = first + 1; second < s_cheap.Length; second++)
        {
            _network.Shell(s_cheap[first].Injection);
            _network.Shell(s_cheap[second].Injection);
            List<string> found = _network.IsMended("blue", Outside);

            // Each is named, the one before the other.
            string both = $"{s_cheap[first].Injection}\n{s_cheap[second].Injection}\nwere found as {string.Join(", ", found)}";
            Assert.True(found.Remove(s_cheap[first].Id) && found.Remove(s_cheap[second].Id), both);
            _network.Shell("ip netns exec @host iptables-nft -P FORWARD ACCEPT");
        }
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

        // What isn't read: whether a port lets through what is for all. (It learns nothing, or red, who asks for blue after a while, would be known by that.)
        _network.Shell("ip netns exec @host bridge link set dev @vred learning off flood off bcast_flood off; ip -n @blue neigh flush dev eth0; ip netns exec @host bridge fdb flush dev @vred master nopermanent");
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
        Socket socket = Open(container, protocol, address);
        socket.Bind(new IPEndPoint(address, port));
        if (protocol == ProtocolType.Tcp)
        {
            socket.Listen();
        }

        return socket;
    }

    private Socket Open(string container, ProtocolType protocol, IPAddress address)
    {
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(_network.Network.Container(container)));
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6, isTcp = protocol == ProtocolType.Tcp;
        SafeFileHandle handle = ns.OpenSocket(isV6 ? 10 : 2, isTcp ? 1 : 2, isTcp ? 6 : 17);
        Socket socket = new(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        return socket;
    }
}
