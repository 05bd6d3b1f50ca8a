using System.Collections.Generic;
using System.Net.Sockets;
using CniPS.Diagnosis;
using Xunit;

namespace CniPS.Engine.Tests.Diagnosis;

/// <summary>Faults that nobody listed: found, named, mended, and then packets pass.</summary>
public sealed class StrangeFaultTests
{
    private const string Red = "10.15.20.3", Outside = "192.0.2.9", Red6 = "fd00:15:20::3", Outside6 = "fd00:ff::9";

    [Theory]
    // What goes with an address or a link has to come back with it.
    [InlineData("AddressGone", "ip -n @red addr flush dev eth0", "blue", Red)]
    [InlineData("AddressGone", "ip -n @blue -4 addr flush dev eth0", "blue", Red)]
    [InlineData("AddressGone", "ip -n @blue -6 addr flush dev eth0 scope global", "blue", Outside6)]
    [InlineData("InterfaceDown", "ip -n @red link set eth0 down", "blue", Red)]
    [InlineData("InterfaceDown", "ip -n @blue link set eth0 down", "blue", Outside6)]
    [InlineData("InterfaceDown", "ip -n @host link set @vblue down", "blue", Outside6)]
    [InlineData("InterfaceDown", "ip -n @host link set @vred down", "host", Red6)]
    [InlineData("RouteMissing", "ip -n @red route del default; ip -n @red route del 10.15.20.0/24", "blue", Red)]
    // The host's end is asked for the gateway, and by IPv6 no other link answers for it.
    [InlineData("AddressGone", "ip -n @host -6 addr flush dev @vred scope global", "blue", Red6)]
    [InlineData("AddressGone", "ip -n @host -6 addr flush dev @vred", "blue", Red6)]
    [InlineData("FamilyDisabled", "ip netns exec @host sysctl -qw net.ipv6.conf.@vred.disable_ipv6=1", "blue", Red6)]
    [InlineData("FamilyDisabled", "ip netns exec @red sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1", "blue", Red6)]
    [InlineData("RouteWrong", "ip -n @blue route change default via 10.15.20.99 dev eth0 onlink", "blue", Outside)]
    public void Without_a_bridge_what_went_with_it_comes_back(string id, string injection, string from, string to)
    {
        using FaultNetwork network = new(FaultNetwork.Ptp);
        network.Shell(injection);
        network.IsNamed(id, from, to);
        List<string> found = network.IsMended(from, to);
        Assert.True(found[0] == id && found.Count <= 2, string.Join(", ", found)); // a link's last address of IPv6 takes a route with it as it comes back
    }

    [Fact]
    public void A_filter_of_sources_is_mended_by_the_route_back_and_not_by_switching_it_off()
    {
        using FaultNetwork network = new(FaultNetwork.Ptp);
        network.Shell("ip netns exec @host sysctl -qw net.ipv4.conf.@vblue.rp_filter=1; ip -n @host route del 10.15.20.2; ip -n @host route add 10.15.20.2 dev up0");
        Assert.Equal(["ReversePathFiltered"], network.IsMended("blue", Outside));
        network.Shell("test $(ip netns exec @host sysctl -n net.ipv4.conf.@vblue.rp_filter) = 1");
    }

    [Theory]
    [InlineData("AddressGone", "ip -n @host addr flush dev cni_bridge0", "blue", Outside)]
    [InlineData("AddressGone", "ip -n @host link set cni_bridge0 down; ip -n @host link set cni_bridge0 up", "blue", Outside6)]
    [InlineData("BridgeDown", "ip -n @host link set cni_bridge0 down", "blue", Outside6)]
    [InlineData("ArpIgnored", "ip netns exec @red sysctl -qw net.ipv4.conf.eth0.arp_ignore=8; ip -n @blue neigh flush dev eth0", "blue", Red)]
    [InlineData("ArpIgnored", "ip netns exec @host sysctl -qw net.ipv4.conf.all.arp_ignore=8; ip -n @blue neigh flush dev eth0", "blue", Outside)]
    [InlineData("ArpOff", "ip -n @red link set eth0 arp off; ip -n @blue neigh flush dev eth0", "blue", Red)]
    [InlineData("RouteWrong", "ip -n @blue rule add priority 50 table 77; ip -n @blue route add default via 10.15.20.77 table 77", "blue", Outside)]
    [InlineData("RuleRefuses", "ip -n @host rule add from 10.15.20.0/24 iif cni_bridge0 priority 50 unreachable", "blue", Outside)]
    [InlineData("RuleRefuses", "ip -n @host rule add from 10.99.0.0/16 priority 49 prohibit; ip -n @host rule add iif cni_bridge0 priority 50 blackhole", "blue", Outside)]
    [InlineData("RuleRefuses", "ip netns exec @host iptables-nft -t mangle -A PREROUTING -s 10.15.20.2 -j MARK --set-mark 9; ip -n @host rule add fwmark 9 priority 50 blackhole", "blue", Outside)]
    [InlineData("RuleRefuses", "ip netns exec @host iptables-legacy -t mangle -A PREROUTING -s 10.15.20.2 -j MARK --set-mark 9; ip -n @host rule add fwmark 9 priority 50 blackhole", "blue", Outside)]
    [InlineData("RuleRefuses", "ip netns exec @blue iptables-nft -t mangle -A OUTPUT -j MARK --set-mark 9; ip -n @blue rule add fwmark 9 priority 50 blackhole", "blue", Outside)]
    [InlineData("RuleDrops", "ip netns exec @host iptables-nft -A FORWARD -m iprange --dst-range 192.0.2.5-192.0.2.20 -j DROP", "blue", Outside)]
    [InlineData("RuleDrops", "ip netns exec @host iptables-legacy -A FORWARD -m iprange --dst-range 192.0.2.5-192.0.2.20 -j DROP", "blue", Outside)]
    [InlineData("RuleDrops", "ip netns exec @host iptables-nft -A FORWARD -p icmp --icmp-type echo-request -j DROP", "blue", Outside)]
    [InlineData("PolicyDrops", "ip netns exec @host iptables-legacy -P FORWARD DROP", "blue", Outside)]
    [InlineData("MtuTooSmall", "ip -n @host link set @vred mtu 1300", "blue", Red)]
    [InlineData("PolicyDrops", "ip netns exec @host nft 'add table bridge f; add chain bridge f c { type filter hook forward priority 0; policy drop; }'", "blue", Red)]
    public void On_a_bridge_too(string id, string injection, string from, string to)
    {
        using FaultNetwork network = new();
        network.Shell(injection);
        network.IsNamed(id, from, to);
        Assert.All(network.IsMended(from, to), found => Assert.Equal(id, found)); // there and back
    }

    [Theory] // Rules that ask for what can't be read, or that count: the packet's trace says which it was.
    [InlineData("RuleDrops", "nft 'add table inet f; add chain inet f c { type filter hook forward priority 0; }; add rule inet f c limit rate over 1/day burst 1 packets drop'")]
    [InlineData("PolicyDrops", "nft 'add table inet f; add chain inet f c { type filter hook forward priority 0; policy drop; }; add rule inet f c limit rate 1/day burst 1 packets accept'")]
    [InlineData("RuleDrops", "iptables-nft -A FORWARD -m statistic --mode nth --every 1 --packet 0 -j DROP")]
    public void What_reading_does_not_see_a_packet_shows(string id, string rule)
    {
        using FaultNetwork network = new();
        network.Shell($"ip netns exec @host {rule}; ip netns exec @blue ping -c 3 -i 0.2 -W 1 {Outside} || true");
        PathReport broken = Assert.Single(network.Follow("blue", Outside, probes: true));
        Cause cause = Assert.Single(broken.Causes);
        Assert.True(cause.Id == id, FaultNetwork.Show([broken]));
        network.Repair(cause);
        for (int round = 0; round < 2 && network.Follow("blue", Outside, probes: true)[0].Causes is [{ } back]; round++)
        {
            network.Repair(back); // the answer falls to the policy, too
        }

        Assert.True(network.Pings("blue", Outside));
    }

    [Theory] // Nothing tells but that something stands there which can't be read: so much is said.
    [InlineData("TrafficControlDrops", "tc -n @host qdisc add dev @vblue clsact; tc -n @host filter add dev @vblue ingress bpf da bytecode '1,6 0 0 2,'")]
    [InlineData("TrafficControlDrops", "tc -n @host qdisc add dev @vred root handle 1: htb default 1; tc -n @host class add dev @vred parent 1: classid 1:1 htb rate 8bit burst 1 cburst 1")]
    public void What_can_not_be_read_is_suspected_where_a_packet_is_lost(string id, string injection)
    {
        using FaultNetwork network = new();
        network.Shell(injection);
        Cause cause = Assert.Single(Assert.Single(network.Follow("blue", Red, probes: true)).Causes);
        Assert.Equal(id, cause.Id);
        network.Repair(cause);
        Assert.True(network.Pings("blue", Red));
        Assert.True(Assert.Single(network.Follow("blue", Red, probes: true)).IsReachable);
    }

    [Theory] // IPv6 asks for its neighbours by packets of IP, which rules drop, too.
    [InlineData("PolicyDrops", "ip netns exec @host sysctl -qw net.bridge.bridge-nf-call-ip6tables=1; ip netns exec @host ip6tables-nft -P FORWARD DROP")]
    [InlineData("RuleDrops", "ip netns exec @red nft 'add table ip6 f; add chain ip6 f c { type filter hook input priority 0; }; add rule ip6 f c icmpv6 type nd-neighbor-solicit drop'")]
    [InlineData("RuleDrops", "ip netns exec @red ip6tables-nft -A OUTPUT -p icmpv6 --icmpv6-type neighbour-advertisement -j DROP")]
    [InlineData("RuleDrops", "ip netns exec @blue ip6tables-legacy -A INPUT -p icmpv6 --icmpv6-type neighbour-advertisement -j DROP")]
    public void Who_can_not_ask_for_a_neighbour_is_told(string id, string injection)
    {
        using FaultNetwork network = new();
        network.Shell(injection + "; ip -n @blue neigh flush all; ip -n @red neigh flush all");
        Assert.False(network.Pings("blue", Red6));
        Cause cause = Assert.Single(Assert.Single(network.Follow("blue", Red6)).Causes);
        Assert.Contains("can't ask who", cause.Message, System.StringComparison.Ordinal);
        Assert.All(network.IsMended("blue", Red6), found => Assert.Equal(id, found));
    }

    [Fact]
    public void An_address_that_the_kernel_has_found_elsewhere_is_given_back()
    {
        using FaultNetwork network = new();
        network.Shell("""
            ip -n @host link add two0 type veth peer name eth1 netns @outside; ip -n @host link set two0 master cni_bridge0 up
            ip -n @outside addr add fd00:15:20::3/64 dev eth1 nodad; ip -n @outside link set eth1 up
            sleep 0.5; ip netns exec @red sysctl -qw net.ipv6.conf.eth0.accept_dad=1; ip -n @red addr del fd00:15:20::3/64 dev eth0; ip -n @red addr add fd00:15:20::3/64 dev eth0
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do ip -n @red addr show dev eth0 | grep -q dadfailed && break; sleep 0.2; done
            ip -n @red addr show dev eth0 | grep -q dadfailed
            """);
        network.IsNamed("AddressDuplicate", "blue", Red6);
        Assert.Equal(["AddressDuplicate", "AddressDuplicate"], network.IsMended("blue", Red6)); // who has it gives it up, and who was given it gets it
    }

    [Fact]
    public void Who_does_not_reach_himself_by_a_published_port_is_given_a_hairpin()
    {
        using FaultNetwork network = new();
        network.Shell("ip netns exec @host sysctl -qw net.bridge.bridge-nf-call-iptables=1");
        PathReport healthy = Assert.Single(network.Follow("red", null, published: 8080));
        Assert.DoesNotContain(healthy.Causes, cause => cause.Id == "HairpinOff");
        network.Shell("ip netns exec @host bridge link set dev @vred hairpin off");
        Assert.DoesNotContain(Assert.Single(network.Follow("blue", null, published: 8080)).Causes, cause => cause.Id == "HairpinOff");
        Cause off = Assert.Single(Assert.Single(network.Follow("red", null, published: 8080)).Causes);
        Assert.Equal("HairpinOff", off.Id);
        network.Repair(off);
        network.Shell("ip netns exec @host bridge -d link show dev @vred | grep -q 'hairpin on'");
    }

    [Fact]
    public void A_rule_that_a_raw_socket_passes_is_no_less_a_rule()
    {
        using FaultNetwork network = new();
        network.Shell("ip -n @blue rule add ipproto tcp dport 80 priority 50 prohibit");
        Assert.Contains(network.Follow("blue", Outside, ProtocolType.Tcp, 80, probes: true)[0].Causes, cause => cause.Id == "RuleRefuses");
        Assert.True(Assert.Single(network.Follow("blue", Outside, probes: true)).IsReachable);
    }

    [Fact]
    public void A_shorter_link_is_no_fault_to_TCP_that_is_told_of_it()
    {
        using FaultNetwork network = new();
        network.Shell("ip -n @red link set eth0 mtu 1400");
        Assert.DoesNotContain(network.Follow("blue", Red, ProtocolType.Tcp, 80)[0].Causes, cause => cause.Id == "MtuTooSmall");
        Assert.Contains(network.Follow("blue", Red, probes: true)[0].Causes, cause => cause.Id == "MtuTooSmall"); // though a short one passes
    }

    [Fact]
    public void A_proxy_answers_for_what_is_behind_it()
    {
        using FaultNetwork network = new(FaultNetwork.Ptp);
        network.Shell("""
            ip -n @blue route add 169.254.1.1 dev eth0 scope link; ip -n @blue route add 192.0.2.0/24 via 169.254.1.1
            ip -n @host route add default via 192.0.2.9; ip netns exec @host sysctl -qw net.ipv4.conf.@vblue.proxy_arp=1
            """);
        Assert.True(network.Pings("blue", Outside));
        network.IsHealthy("blue", Outside);
        network.Shell("ip netns exec @host sysctl -qw net.ipv4.conf.@vblue.proxy_arp=0; ip -n @blue neigh flush all");
        Assert.Equal(["ProxyArpOff"], network.IsMended("blue", Outside));
    }
}
