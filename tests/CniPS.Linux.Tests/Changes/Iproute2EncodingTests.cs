using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>
/// The messages of changes against those that iproute2 sends for the same commands (captured; see iproute2.txt): the same type, header
/// and attributes, in whatever order. What only tells how an answer is wanted is left out of the comparison.
/// </summary>
public sealed class Iproute2EncodingTests : IDisposable
{
    private static readonly LinkId s_bridge = new("br0", 2), s_link = new("d0", 4);

    private static readonly MacAddress s_mac = new([2, 1, 2, 3, 4, 5]);

    private readonly NetworkNamespace _here = NetworkNamespace.OpenCurrent();

    public void Dispose() => _here.Dispose();

    public static TheoryData<string> Names =>
    [
        "bridge-add", "link-up", "link-down-promisc", "addr-add", "addr6-nodad", "addr-del", "route-default", "route-full", "route6", "link-del",
        "macvlan", "macvlan-private", "ipvlan", "vlan", "dummy", "vrf", "rename", "alias-none", "master", "nomaster", "mac-mtu", "route-replace",
        "addr-noprefixroute", "addr6-nodad-noprefixroute", "route-onlink", "link-allmulti-queue", "link-mac",
        "vlan-add-access", "vlan-add-range", "vlan-add-tagged", "vlan-del", "vlan-del-range",
        "vxlan", "vxlan6", "neigh-replace", "neigh6-replace", "neigh-del", "fdb-replace", "fdb-del", "fdb6-replace", "route-protocol",
        "bridge-fdb-del", "route-del-blackhole", "rule-del-prohibit", "port-state",
    ];

    private RouteChange Change(string name) => name switch
    {
        "bridge-add" => new BridgeAdd(_here, "br9", 1400),
        "link-up" => new LinkSet(_here, s_link) { Up = true },
        "link-down-promisc" => new LinkSet(_here, s_link) { Up = false, Promiscuous = true },
        "addr-add" => new AddressAdd(_here, s_link, IpPrefix.Parse("10.15.20.2/24")),
        "addr6-nodad" => new AddressAdd(_here, s_link, IpPrefix.Parse("fd00:15::2/64"), NoDuplicateDetection: true),
        "addr-noprefixroute" => new AddressAdd(_here, s_link, IpPrefix.Parse("10.15.20.2/24")) { NoPrefixRoute = true },
        "addr6-nodad-noprefixroute" => new AddressAdd(_here, s_link, IpPrefix.Parse("fd00:15::2/64"), NoDuplicateDetection: true) { NoPrefixRoute = true },
        "route-onlink" => new RouteAdd(
            _here, s_bridge, new RouteEntry { Destination = IpPrefix.Parse("10.9.0.0/16"), Gateway = IPAddress.Parse("10.8.0.9"), OnLink = true }),
        "link-allmulti-queue" => new LinkSet(_here, s_link) { AllMulticast = true, TransmitQueueLength = 2000 },
        "link-mac" => new LinkSet(_here, s_link) { Mac = new MacAddress([2, 1, 2, 3, 4, 5]) },
        "addr-del" => new AddressDelete(_here, s_link, IpPrefix.Parse("10.15.20.2/24")),
        "route-default" => Route("0.0.0.0/0", "10.7.0.9"),
        "route-full" => new RouteAdd(_here, s_bridge, new RouteEntry
        {
            Destination = IpPrefix.Parse("1.1.1.1/32"),
            Gateway = IPAddress.Parse("10.7.0.9"),
            Source = IPAddress.Parse("10.7.0.1"),
            Priority = 7,
            Mtu = 1200,
            AdvMss = 1160,
        }),
        "route6" => Route("fd01::/48", "fd00:7::9"),
        "link-del" => new LinkDelete(_here, s_link),
        "vlan-add-access" => new BridgeVlanAdd(_here, s_link, BridgeVlans.Access(100)),
        "vlan-add-range" => new BridgeVlanAdd(_here, s_link, new BridgeVlans(200, 210)),
        "vlan-add-tagged" => new BridgeVlanAdd(_here, s_link, new BridgeVlans(300, 300)),
        "bridge-fdb-del" => new BridgeForwardingDelete(_here, new("d1", 2), s_mac),
        "route-del-blackhole" => new RefusingRouteDelete(_here, new FibEntry(RouteType.Blackhole, IpPrefix.Parse("192.0.2.0/24"), RouteEntry.MainTable)),
        "rule-del-prohibit" => new RefusingRuleDelete(
            _here, new PolicyRule(77, IpPrefix.Parse("0.0.0.0/0"), IpPrefix.Parse("192.0.2.0/24")) { Refuses = RouteType.Prohibit }),
        "port-state" => new BridgePortOpen(_here, new("d1", 2)),
        "vlan-del" => new BridgeVlanDelete(_here, s_link, 1, 1),
        "vlan-del-range" => new BridgeVlanDelete(_here, s_link, 5, 9),
        "macvlan" => new LinkAdd(_here, "x0", new MacvlanSettings(MacvlanMode.Bridge, 200)) { Lower = s_link, Mtu = 1400, Mac = s_mac },
        "macvlan-private" => new LinkAdd(_here, "x1", new MacvlanSettings(MacvlanMode.Private)) { Lower = s_link },
        "ipvlan" => new LinkAdd(_here, "x2", new IpvlanSettings(IpvlanMode.L3s)) { Lower = s_link },
        "vlan" => new LinkAdd(_here, "x3", new VlanSettings(5)) { Lower = s_link },
        "dummy" => new LinkAdd(_here, "x4", new DummySettings()) { Up = true },
        "vrf" => new LinkAdd(_here, "x5", new VrfSettings(1005)) { Up = true },
        "rename" => new LinkSet(_here, s_link) { Name = "e0", Alias = "cni12345678" },
        "alias-none" => new LinkSet(_here, s_link) { Alias = "" },
        "master" => new LinkSet(_here, s_link) { Master = s_bridge },
        "nomaster" => new LinkSet(_here, s_link) { Master = default(LinkId) },
        "mac-mtu" => new LinkSet(_here, s_link) { Mac = s_mac, Mtu = 1300 },
        "route-replace" => new RouteAdd(
            _here, s_bridge, new RouteEntry { Destination = IpPrefix.Parse("10.9.0.0/16"), Gateway = IPAddress.Parse("10.7.0.9"), Table = 1005 })
        {
            Replace = true,
        },
        "vxlan" => new LinkAdd(_here, "flannel.1", new VxlanSettings(1, IPAddress.Parse("10.7.0.1"), s_link, 8473)) { Mtu = 1450, Mac = s_mac },
        "vxlan6" => new LinkAdd(_here, "flannel-v6.88", new VxlanSettings(88, IPAddress.Parse("fd00:7::1"), null, 4789, Learning: true)),
        "neigh-replace" => new NeighbourSet(_here, s_link, IPAddress.Parse("10.5.34.0"), s_mac),
        "neigh6-replace" => new NeighbourSet(_here, s_link, IPAddress.Parse("fd00:5:34::"), s_mac),
        "neigh-del" => new NeighbourDelete(_here, s_link, IPAddress.Parse("10.5.34.0")),
        "fdb-replace" => new ForwardingSet(_here, s_link, s_mac, IPAddress.Parse("192.168.65.3")),
        "fdb-del" => new ForwardingDelete(_here, s_link, s_mac, IPAddress.Parse("192.168.65.3")),
        "fdb6-replace" => new ForwardingSet(_here, s_link, s_mac, IPAddress.Parse("fd00:9::3")),
        "route-protocol" => new RouteAdd(
            _here, s_bridge, new RouteEntry { Destination = IpPrefix.Parse("10.9.0.0/16"), Gateway = IPAddress.Parse("10.7.0.9"), Protocol = 67 })
        {
            Replace = true,
        },
        _ => throw new ArgumentException(name),
    };

    private RouteAdd Route(string destination, string gateway) =>
        new(_here, s_bridge, new RouteEntry { Destination = IpPrefix.Parse(destination), Gateway = IPAddress.Parse(gateway) });

    [Theory]
    [MemberData(nameof(Names))]
    public void AMessageSaysTheSame(string name)
    {
        NetlinkBatch batch = new();
        Change(name).Write(batch);
        Assert.Equal(Describe(Captured(name)), Describe(batch.Bytes.ToArray()));
    }

    [Fact]
    public void APairSaysTheSameButForItsNamespace()
    {
        NetlinkBatch batch = new();
        new VethAdd(_here, "veth9", _here, "eth9") { Bridge = s_bridge, PeerMac = new MacAddress([2, 1, 2, 3, 4, 5]) }.Write(batch);
        SortedSet<string> ours = Describe(batch.Bytes.ToArray());
        Assert.Equal(1, ours.RemoveWhere(line => line.Contains("/28=", StringComparison.Ordinal))); // IFLA_NET_NS_FD
        Assert.Equal(Describe(Captured("veth-add")), ours);
    }

    [Fact]
    public void AMoveSaysTheSameButForItsNamespace()
    {
        NetlinkBatch batch = new();
        Link link = new() { Name = "d0", Index = s_link.Index };
        new LinkMove(_here, link, _here, "eth0", "d0") { Up = true }.Write(batch);
        SortedSet<string> ours = Describe(batch.Bytes.ToArray()), captured = Describe(Captured("move"));
        Assert.Equal(1, ours.RemoveWhere(line => line.Contains("/28=", StringComparison.Ordinal))); // IFLA_NET_NS_FD
        Assert.Equal(1, captured.RemoveWhere(line => line.Contains("/19=", StringComparison.Ordinal))); // IFLA_NET_NS_PID
        Assert.Equal(captured, ours);
    }

    private static byte[] Captured(string name)
    {
        using StreamReader reader = new(typeof(Iproute2EncodingTests).Assembly.GetManifestResourceStream("iproute2.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith(name + " ", StringComparison.Ordinal))
            {
                return Convert.FromHexString(line[(name.Length + 1)..]);
            }
        }

        throw new ArgumentException(name);
    }

    private static SortedSet<string> Describe(byte[] message)
    {
        nlmsghdr header = System.Runtime.InteropServices.MemoryMarshal.Read<nlmsghdr>(message);
        Assert.Equal(message.Length, (int)header.nlmsg_len);
        int fixedLength = header.nlmsg_type switch { >= 16 and < 20 => 16, >= 20 and < 24 => 8, _ => 12 };
        SortedSet<string> lines =
        [
            $"type {header.nlmsg_type} flags {header.nlmsg_flags & ~(Nl.NLM_F_ECHO | Nl.NLM_F_ACK):x} header {Convert.ToHexString(message, 16, fixedLength)}",
        ];
        Describe(lines, "", new NetlinkAttributes(message.AsSpan(16 + fixedLength)));
        return lines;
    }

    private static void Describe(SortedSet<string> lines, string path, NetlinkAttributes attributes)
    {
        while (attributes.Next())
        {
            string here = $"{path}/{attributes.Type}";
            switch (here)
            {
                case "/18" or "/18/2" or "/8": // IFLA_LINKINFO, IFLA_INFO_DATA, RTA_METRICS
                    Describe(lines, here, attributes.Nested);
                    break;
                case "/18/2/1" when attributes.Value.Length >= 16: // VETH_INFO_PEER begins with a header of its own
                    lines.Add($"{here} header {Convert.ToHexString(attributes.Value[..16])}");
                    Describe(lines, here, new NetlinkAttributes(attributes.Value[16..]));
                    break;
                default: // a text may or may not end in zero
                    lines.Add($"{here}={Convert.ToHexString(attributes.Value.TrimEnd((byte)0))}");
                    break;
            }
        }
    }
}
