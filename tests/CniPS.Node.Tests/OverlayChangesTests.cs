using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Notices;
using CniPS.Linux.Route;
using CniPS.Node.Flannel;
using CniPS.Node.Overlay;
using Xunit;

namespace CniPS.Node.Tests;

/// <summary>What is to be changed, of what is and what is to be: nothing here touches a kernel.</summary>
public sealed class OverlayChangesTests : IDisposable
{
    private const string
        Vxlan = """{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan"}}""",
        Direct = """{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","DirectRouting":true}}""",
        HostGateway = """{"Network":"10.5.0.0/16","Backend":{"Type":"host-gw"}}""",
        Both = """{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48","Backend":{"Type":"vxlan"}}""";

    private static readonly Uplink s_uplink = new(new LinkId("eth0", 2), 1500, [IpPrefix.Parse("10.99.0.11/24"), IpPrefix.Parse("fd00:99::11/64")])
    {
        PublicIP = IPAddress.Parse("10.99.0.11"), PublicIPv6 = IPAddress.Parse("fd00:99::11"),
    };

    private static readonly SubnetLease s_own = Lease("10.5.1.0-24", "10.99.0.11", 1), s_near = Lease("10.5.2.0-24", "10.99.0.12", 2), s_far = Lease("10.5.3.0-24", "10.98.0.13", 3);

    private static readonly Link s_eth0 = new() { Name = "eth0", Index = 2, Mtu = 1500, IsUp = true },
        s_tunnel = new()
        {
            Name = "flannel.1", Index = 7, Kind = "vxlan", Mtu = 1450, IsUp = true, Mac = Mac(1),
            Settings = new VxlanSettings(1, IPAddress.Parse("10.99.0.11"), new LinkId("", 2)),
        };

    private readonly NetworkNamespace _here = NetworkNamespace.OpenCurrent();

    public void Dispose() => _here.Dispose();

    [Fact]
    public void ANodeOfTheRecordGetsWhatFlanneldGaveIt()
    {
        JsonElement node = FlannelDataTests.Vector("nodes", "vni-88"), own = node.GetProperty("own"), peer = node.GetProperty("peer");
        SubnetLease ours = Parse(own), theirs = Parse(peer);
        Uplink uplink = new(new LinkId("enp0s1", 2), 1500, [IpPrefix.Parse("192.168.65.3/24")]) { PublicIP = ours.PublicIP };
        WantedOverlay wanted = WantedOverlay.Of(FlannelDataTests.Config(FlannelDataTests.Text(node, "config")!), ours, [ours, theirs], uplink);
        Link eth = s_eth0 with { Name = "enp0s1" };
        Assert.Equal(
            [
                "ip link add name flannel.88 mtu 1450 address ba:a9:8c:00:1a:69 type vxlan id 88 local 192.168.65.3 dev enp0s1 dstport 4789 nolearning",
                "sysctl -qw net/ipv6/conf/flannel.88/accept_ra=0 || true",
            ],
            Texts(wanted, View([eth])));
        Link device = s_tunnel with
        {
            Name = "flannel.88", Mac = ours.End!.Mac, Settings = new VxlanSettings(88, ours.PublicIP, new LinkId("", 2), 4789),
        };
        Assert.Equal(
            [
                "ip addr add 188.172.50.0/32 dev flannel.88",
                "ip neigh replace 188.172.87.0 lladdr 0a:2e:d0:15:07:4e dev flannel.88 nud permanent",
                "bridge fdb replace 0a:2e:d0:15:07:4e dev flannel.88 dst 192.168.65.4",
                "ip route replace 188.172.87.0/24 via 188.172.87.0 dev flannel.88 onlink proto 67",
            ],
            Texts(wanted, View([eth, device])));

        // The same, word for word, of what its kernel was seen to have.
        string[] neighbour = FlannelDataTests.Text(node, "neighbour")!.Split(' '), forwarding = FlannelDataTests.Text(node, "forwarding")!.Split(' ');
        string[] route = FlannelDataTests.Text(node, "route")!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        TunnelPeer way = Assert.Single(Assert.Single(wanted.Tunnels).Peers);
        Assert.Equal((neighbour[0], neighbour[2]), (way.Subnet.Address.ToString(), way.Mac.ToString()));
        Assert.Equal((forwarding[0], forwarding[2], forwarding[4]), (way.Mac.ToString(), wanted.Tunnels[0].Name, way.Remote.ToString()));
        Assert.Equal((route[0], route[1], route[7]), (way.Subnet.Address.ToString(), way.Subnet.Address.ToString(), wanted.Tunnels[0].Name));
    }

    [Fact]
    public void WhatIsThereIsLeft()
    {
        WantedOverlay wanted = Wanted(Vxlan, s_near, s_far);
        Assert.Empty(Texts(wanted, Complete(s_near, s_far)));

        // flanneld's routes are of another maker, and are as good.
        OverlayView flanneld = Complete(s_near, s_far);
        Assert.Empty(Texts(wanted, flanneld with { Routes = [.. flanneld.Routes.Select(route => route with { Protocol = 3 })] }));
    }

    [Fact]
    public void AfterAPeerHasGoneNothingIsLeftOfItAndNothingOfOthersIsTouched()
    {
        OverlayView view = Complete(s_near, s_far);
        view = view with
        {
            Neighbours = [.. view.Neighbours, new Neighbour(IPAddress.Parse("10.99.0.9"), 2, NeighbourState.Permanent, Mac(9)), new Neighbour(IPAddress.Parse("10.5.9.0"), 7, NeighbourState.Reachable, Mac(9))],
            Routes =
            [
                .. view.Routes, Route("10.77.0.0/16", "10.99.0.77", 2, 3), Route("10.5.77.0/24", "10.99.0.77", 2, 3), Route("10.5.1.0/24", null, 5, 2),
                Route("10.5.88.0/24", "10.99.0.77", 2, OverlayChanges.Protocol) with { Table = 100 }, Route("10.78.0.0/16", "10.99.0.77", 2, OverlayChanges.Protocol),
            ],
            Forwarding = [.. view.Forwarding, new ForwardingEntry(Mac(8), 5, 4, 0, true), new ForwardingEntry(Mac(7), 7, 0, 0, IsPermanent: false) { Remote = IPAddress.Parse("10.1.1.1") }],
        };
        Assert.Equal(
            [
                "ip neigh del 10.5.3.0 dev flannel.1",
                "bridge fdb del 02:00:00:00:00:03 dev flannel.1 dst 10.98.0.13",
                "ip route del 10.5.3.0/24 via 10.5.3.0 dev flannel.1 onlink",
            ],
            Texts(Wanted(Vxlan, s_near), view));
    }

    [Fact]
    public void APeerThatWasMadeAnewIsFollowed() => Assert.Equal(
        [
            "bridge fdb del 02:00:00:00:00:02 dev flannel.1 dst 10.99.0.12",
            "ip neigh replace 10.5.2.0 lladdr 02:00:00:00:00:0c dev flannel.1 nud permanent",
            "bridge fdb replace 02:00:00:00:00:0c dev flannel.1 dst 10.99.0.22",
        ],
        Texts(Wanted(Vxlan, Lease("10.5.2.0-24", "10.99.0.22", 12)), Complete(s_near)));

    [Fact]
    public void EveryPieceThatIsMissingComesBackAlone()
    {
        WantedOverlay wanted = Wanted(Vxlan, s_near);
        OverlayView view = Complete(s_near);
        Assert.Equal(["ip route replace 10.5.2.0/24 via 10.5.2.0 dev flannel.1 onlink proto 67"], Texts(wanted, view with { Routes = [] }));
        Assert.Equal(["ip neigh replace 10.5.2.0 lladdr 02:00:00:00:00:02 dev flannel.1 nud permanent"], Texts(wanted, view with { Neighbours = [] }));
        Assert.Equal(["bridge fdb replace 02:00:00:00:00:02 dev flannel.1 dst 10.99.0.12"], Texts(wanted, view with { Forwarding = [] }));
        Assert.Equal(["ip addr add 10.5.1.0/32 dev flannel.1"], Texts(wanted, view with { Addresses = [] }));
        Assert.Equal(["ip addr del 10.5.8.0/32 dev flannel.1"], Texts(wanted, view with { Addresses = [.. view.Addresses, new InterfaceAddress(IpPrefix.Parse("10.5.8.0/32"), 7)] }));
        Assert.Equal(
            ["ip link set flannel.1 mtu 1450 address 02:00:00:00:00:01 up"],
            Texts(wanted, view with { Links = [s_eth0, s_tunnel with { Mac = Mac(9), Mtu = 1400, IsUp = false }] }));
    }

    [Fact]
    public void ADeviceOfOtherSettingsIsMadeAnewAndWhatIsNoneIsLeft()
    {
        WantedOverlay wanted = Wanted(Vxlan, s_near);
        foreach (VxlanSettings other in (VxlanSettings[])
        [
            new(2, IPAddress.Parse("10.99.0.11"), new LinkId("", 2)), new(1, IPAddress.Parse("10.99.0.7"), new LinkId("", 2)), new(1, IPAddress.Parse("10.99.0.11"), new LinkId("", 3)),
            new(1, IPAddress.Parse("10.99.0.11"), new LinkId("", 2), 4789), new(1, IPAddress.Parse("10.99.0.11"), new LinkId("", 2), Learning: true),
        ])
        {
            Assert.Equal("ip link del flannel.1", Texts(wanted, View([s_eth0, s_tunnel with { Settings = other }]))[0]);
        }

        OverlayChanges changes = OverlayChanges.Between(_here, wanted, View([s_eth0, s_tunnel with { Kind = "dummy", Settings = null }]));
        Assert.Empty(changes.Changes);
        Assert.Contains("there is a link flannel.1 that is no VXLAN", Assert.Single(changes.Problems));
    }

    [Fact]
    public void SomebodysRouteIsNotTakenAway()
    {
        OverlayView view = Complete(s_near);
        OverlayChanges changes = OverlayChanges.Between(_here, Wanted(Vxlan, s_near), view with { Routes = [Route("10.5.2.0/24", "10.99.0.77", 2, 3)] });
        Assert.Empty(changes.Changes);
        Assert.Contains("somebody's route to 10.5.2.0/24 is in the way", Assert.Single(changes.Problems));

        // One of another metric is in nobody's way.
        Assert.Single(Texts(Wanted(Vxlan, s_near), view with { Routes = [Route("10.5.2.0/24", "10.99.0.77", 2, 3) with { Priority = 100 }] }));
    }

    [Fact]
    public void ByPlainRoutesOnlyThoseOnTheSameNetworkAreReached()
    {
        WantedOverlay wanted = Wanted(HostGateway, Plain(s_near), Plain(s_far));
        Assert.Equal(["ip route replace 10.5.2.0/24 via 10.99.0.12 dev eth0 proto 67"], Texts(wanted, View([s_eth0])));
        Assert.Equal("subnet 10.5.3.0/24 is not reached: node 10.98.0.13 is not on a network of eth0, as host-gw needs it", Assert.Single(wanted.Problems));
        Assert.Equal(1500, wanted.Mtu);

        // flanneld's own route becomes ours, by whichever way; what it left of others that are gone stays: nothing tells whose it is.
        Assert.Equal(
            ["ip route replace 10.5.2.0/24 via 10.99.0.12 dev eth0 proto 67"],
            Texts(wanted, View([s_eth0]) with { Routes = [Route("10.5.2.0/24", "10.99.0.12", 2, 3), Route("10.5.4.0/24", "10.99.0.14", 2, 3)] }));
        Assert.Equal(
            ["ip route replace 10.5.2.0/24 via 10.99.0.12 dev eth0 proto 67"],
            Texts(wanted, View([s_eth0, s_tunnel]) with { Routes = [Route("10.5.2.0/24", "10.5.2.0", 7, 3)] }));
        Assert.Equal(
            ["ip route del 10.5.4.0/24 via 10.99.0.14 dev eth0"],
            Texts(wanted, View([s_eth0]) with { Routes = [Route("10.5.2.0/24", "10.99.0.12", 2, OverlayChanges.Protocol), Route("10.5.4.0/24", "10.99.0.14", 2, OverlayChanges.Protocol)] }));
    }

    [Fact]
    public void DirectRoutingLeavesTheTunnelForThoseThatAreFar()
    {
        Assert.Equal(
            [
                "ip addr add 10.5.1.0/32 dev flannel.1",
                "ip neigh replace 10.5.3.0 lladdr 02:00:00:00:00:03 dev flannel.1 nud permanent",
                "bridge fdb replace 02:00:00:00:00:03 dev flannel.1 dst 10.98.0.13",
                "ip route replace 10.5.3.0/24 via 10.5.3.0 dev flannel.1 onlink proto 67",
                "ip route replace 10.5.2.0/24 via 10.99.0.12 dev eth0 proto 67",
            ],
            Texts(Wanted(Direct, s_near, s_far), View([s_eth0, s_tunnel])));

        // From the tunnel onto the link: the route is replaced, and at no time missing.
        Assert.Equal(
            [
                "ip neigh del 10.5.2.0 dev flannel.1", "bridge fdb del 02:00:00:00:00:02 dev flannel.1 dst 10.99.0.12", "ip route replace 10.5.2.0/24 via 10.99.0.12 dev eth0 proto 67",
            ],
            Texts(Wanted(Direct, s_near), Complete(s_near)));
    }

    [Fact]
    public void PeersThatAreNoneArePassedOver()
    {
        WantedOverlay wanted = Wanted(
            Vxlan, s_own, Plain(s_near), Lease("10.5.1.128-25", "10.99.0.12", 2), Lease("10.6.1.0-24", "10.99.0.12", 2), Lease("10.5.9.0-24", "10.99.0.11", 9),
            s_far with { End = new TunnelEnd(2, Mac(3)) }, Lease("10.5.8.0-24", "10.99.0.18", 8) with { PublicIP = null });
        Assert.Empty(wanted.Tunnels[0].Peers);
        Assert.Equal(
            [
                "subnet 10.5.2.0-24 is passed over: its backend is host-gw, not vxlan", "subnet 10.5.1.128-25 is passed over: it overlaps this node's own, 10.5.1.0/24",
                "subnet 10.6.1.0-24 is passed over: it lies outside of 10.5.0.0/16", "subnet 10.5.9.0-24 is passed over: it is this node's by its address, and not the one that this node has",
                "subnet 10.5.3.0/24 is not reached: node 10.98.0.13 has no end of VXLAN 1", "subnet 10.5.8.0/24 is not reached: its node's address isn't told",
            ],
            wanted.Problems);
        Assert.Single(Wanted(Vxlan, s_far with { End = new TunnelEnd(null, Mac(3)) }).Tunnels[0].Peers); // as old nodes have it
    }

    [Fact]
    public void IPv6HasADeviceOfItsOwn()
    {
        SubnetLease own = Six(s_own, "fd00:5:0:1::/64", "fd00:99::11"), peer = Six(s_near, "fd00:5:0:2::/64", "fd00:99::12");
        WantedOverlay wanted = WantedOverlay.Of(FlannelDataTests.Config(Both), own, [own, peer, s_far], s_uplink);
        Assert.Contains("ip link add name flannel-v6.1 mtu 1430 address 02:00:00:00:01:01 type vxlan id 1 local fd00:99::11 dev eth0 dstport 8472 nolearning", Texts(wanted, View([s_eth0])));
        Assert.Equal(1430, wanted.Mtu);
        Link device = s_tunnel with
        {
            Name = "flannel-v6.1", Index = 8, Mtu = 1430, Mac = own.EndV6!.Mac, Settings = new VxlanSettings(1, IPAddress.Parse("fd00:99::11"), new LinkId("", 2)),
        };
        OverlayView view = Complete(s_near, s_far);
        view = view with { Links = [.. view.Links, device], Routes = [.. view.Routes, Route("fd00:5:0:1::/128", null, 8, 2) with { Priority = 256 }] };
        Assert.Equal(
            [
                "ip addr add fd00:5:0:1::/128 dev flannel-v6.1 nodad",
                "ip neigh replace fd00:5:0:2:: lladdr 02:00:00:00:01:02 dev flannel-v6.1 nud permanent",
                "bridge fdb replace 02:00:00:00:01:02 dev flannel-v6.1 dst fd00:99::12",
                "ip -6 route replace fd00:5:0:2::/64 via fd00:5:0:2:: dev flannel-v6.1 onlink proto 67",
            ],
            Texts(wanted, view));
    }

    [Fact]
    public void TheLeastMtuIsTaken()
    {
        Assert.Equal(1350, Wanted("""{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","MTU":1400}}""").Mtu);
        Assert.Equal(1450, Wanted("""{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan","MTU":9000}}""").Mtu);
    }

    [Fact]
    public void OnlyNoticesOfTheNetworkMatter()
    {
        WantedOverlay wanted = Wanted(Direct, s_near, s_far);
        bool Concerns(Notice notice) => OverlayWatch.Concerns(notice, wanted, index => index == 7);
        Assert.True(Concerns(new Departure(null, new RouteItem(Route("10.5.2.0/24", "10.99.0.12", 2, 67)))));
        Assert.True(Concerns(new Departure(null, new LinkItem(s_tunnel))));
        Assert.True(Concerns(new Appearance(null, new LinkItem(s_eth0), false)));
        Assert.True(Concerns(new Departure(null, new NeighbourItem(new Neighbour(IPAddress.Parse("10.5.3.0"), 7, NeighbourState.Permanent, Mac(3))))));
        Assert.True(Concerns(new Departure(null, new AddressItem(new InterfaceAddress(IpPrefix.Parse("10.99.0.11/24"), 2)))));
        Assert.True(Concerns(new ForwardingNotice(null, new ForwardingEntry(Mac(3), 7, 0, 0, true), IsGone: true)));
        Assert.False(Concerns(new ForwardingNotice(null, new ForwardingEntry(Mac(3), 7, 0, 0, false), IsGone: true)));
        Assert.False(Concerns(new ForwardingNotice(null, new ForwardingEntry(Mac(3), 5, 4, 0, true), IsGone: false)));
        Assert.False(Concerns(new Departure(null, new RouteItem(Route("10.77.0.0/16", "10.99.0.12", 2, 3)))));
        Assert.False(Concerns(new Appearance(null, new NeighbourItem(new Neighbour(IPAddress.Parse("10.99.0.12"), 2, NeighbourState.Reachable, Mac(3))), false)));
        Assert.False(Concerns(new Departure(null, new NeighbourItem(new Neighbour(IPAddress.Parse("10.99.0.12"), 2, NeighbourState.Failed, null)))));
        Assert.False(Concerns(new Appearance(null, new LinkItem(s_eth0 with { Name = "veth1", Index = 30 }), false)));
    }

    private static WantedOverlay Wanted(string config, params SubnetLease[] peers) => WantedOverlay.Of(FlannelDataTests.Config(config), s_own, [s_own, .. peers], s_uplink);

    private string[] Texts(WantedOverlay wanted, OverlayView view)
    {
        OverlayChanges changes = OverlayChanges.Between(_here, wanted, view);
        Assert.Empty(changes.Problems);
        return [.. changes.Changes.Select(change => change.Text)];
    }

    private static OverlayView View(IReadOnlyList<Link> links) => new() { Links = links, Addresses = [], Routes = [], Neighbours = [], Forwarding = [] };

    // All that a node has that reaches these peers through the tunnel.
    private static OverlayView Complete(params SubnetLease[] peers) => View([s_eth0, s_tunnel]) with
    {
        Addresses = [new InterfaceAddress(IpPrefix.Parse("10.5.1.0/32"), 7), new InterfaceAddress(IpPrefix.Parse("10.99.0.11/24"), 2)],
        Routes = [.. peers.Select(peer => Route(peer.Subnet.ToString(), peer.Subnet.Address.ToString(), 7, OverlayChanges.Protocol) with { OnLink = true })],
        Neighbours = [.. peers.Select(peer => new Neighbour(peer.Subnet.Address, 7, NeighbourState.Permanent, peer.End!.Mac))],
        Forwarding = [.. peers.Select(peer => new ForwardingEntry(peer.End!.Mac, 7, 0, 0, true) { Remote = peer.PublicIP })],
    };

    private static RouteEntry Route(string destination, string? gateway, int link, int protocol) => new()
    {
        Destination = IpPrefix.Parse(destination), Gateway = gateway is null ? null : IPAddress.Parse(gateway), LinkIndex = link, Protocol = protocol,
    };

    private static SubnetLease Lease(string key, string address, byte mac) => SubnetLease.Parse(
        key, Encoding.UTF8.GetBytes($$"""{"PublicIP":"{{address}}","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"{{Mac(mac)}}"} }"""));

    private static SubnetLease Plain(SubnetLease lease) => lease with { BackendType = "host-gw", End = null };

    private static SubnetLease Six(SubnetLease lease, string subnet, string address)
    {
        Span<byte> mac = stackalloc byte[6];
        lease.End!.Mac.CopyTo(mac);
        mac[4] = 1;
        return lease with { SubnetV6 = IpPrefix.Parse(subnet), PublicIPv6 = IPAddress.Parse(address), EndV6 = new TunnelEnd(1, new MacAddress(mac)) };
    }

    private static SubnetLease Parse(JsonElement lease) =>
        SubnetLease.Parse(FlannelDataTests.Text(lease, "key")!, Encoding.UTF8.GetBytes(FlannelDataTests.Text(lease, "value")!));

    private static MacAddress Mac(byte last) => new([2, 0, 0, 0, 0, last]);
}
