using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>
/// Every kind of change is made twice: through the kernel interface, and by running its text in a shell. Both leave the same state.
/// </summary>
public sealed class ChangeTextTests : IDisposable
{
    private const string LinkState =
        "ip -n {0} -d -o link | sed -E 's/link\\/[a-z]+ [0-9a-f:]+ brd [0-9a-f:]+//; s/(designated_(root|bridge)|bridge_id) [0-9a-f.:]+//g; "
        + "s/(gc|hold|hello|tcn|forward_delay|message_age|topology_change)_timer +[0-9.]+//g; s/link-netns(id)? [^ ]+//; s/state [A-Z]+//g; s/,LOWER_UP|,NO-CARRIER|NO-CARRIER,//g; s/(state) (forwarding|disabled|learning|listening)/\\1/'";

    private const string State =
        LinkState + "; ip -n {0} -o addr show | grep -v fe80 | sed -E 's/valid_lft.*//; s/ tentative//' | sort; ip -n {0} route | sed 's/ linkdown//' | sort; ip -n {0} -6 route | grep -v fe80 | sed 's/ linkdown//' | sort; "
        + "ip -n {0} neigh show nud permanent | sort; bridge -n {0} fdb show | grep dst | sort; "
        + "ip netns exec {0} sysctl net.ipv4.ip_forward net.ipv4.conf.all.arp_notify";

    private readonly Sandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    // Each case: the changes that make the ground, and the change itself, both in a namespace (with another for peers).
    private static IReadOnlyList<(string Name, Func<NetworkNamespace, NetworkNamespace, LinuxHost, Change> Change)> Cases { get; } =
    [
        ("bridge", (ns, _, _) => new BridgeAdd(ns, "br9", 1400)),
        ("bridge without mtu", (ns, _, _) => new BridgeAdd(ns, "br9")),
        ("veth", (ns, peer, _) => new VethAdd(ns, "veth9", peer, "eth9")),
        ("veth as a port", (ns, peer, host) => new VethAdd(ns, "veth9", peer, "eth9")
        {
            Bridge = host.FindLink(ns, "br0")!.Id, Mtu = 1300, PeerMac = new MacAddress([2, 1, 2, 3, 4, 5]),
        }),
        ("bridge port", (ns, _, host) => new BridgePortSet(ns, host.FindLink(ns, "port")!.Id, Hairpin: true, Isolated: true)),
        ("delete link", (ns, _, host) => new LinkDelete(ns, host.FindLink(ns, "v0")!.Id)),
        ("link up", (ns, _, host) => new LinkSet(ns, host.FindLink(ns, "v0")!.Id) { Up = true }),
        ("link down, mtu, promiscuous", (ns, _, host) => new LinkSet(ns, host.FindLink(ns, "br0")!.Id) { Up = false, Mtu = 1280, Promiscuous = true }),
        ("IPv4 address", (ns, _, host) => new AddressAdd(ns, host.FindLink(ns, "br0")!.Id, IpPrefix.Parse("10.15.20.1/24"))),
        ("IPv4 address /31", (ns, _, host) => new AddressAdd(ns, host.FindLink(ns, "br0")!.Id, IpPrefix.Parse("10.15.20.1/31"))),
        ("IPv6 address", (ns, _, host) => new AddressAdd(ns, host.FindLink(ns, "br0")!.Id, IpPrefix.Parse("fd00:9::1/64"), NoDuplicateDetection: true)),
        ("delete address", (ns, _, host) => new AddressDelete(ns, host.FindLink(ns, "br0")!.Id, IpPrefix.Parse("10.6.0.1/24"))),
        ("default route", (ns, _, host) => Route(ns, host, new RouteEntry { Destination = IpPrefix.Parse("0.0.0.0/0"), Gateway = IPAddress.Parse("10.7.0.9") })),
        ("route with everything", (ns, _, host) => Route(ns, host, new RouteEntry
        {
            Destination = IpPrefix.Parse("1.1.1.1/32"), Gateway = IPAddress.Parse("10.7.0.9"), Priority = 7, Mtu = 1200, AdvMss = 1160, Source = IPAddress.Parse("10.7.0.1"),
        })),
        ("route onto the link", (ns, _, host) => Route(ns, host, new RouteEntry { Destination = IpPrefix.Parse("10.9.0.0/16"), Scope = 253 })),
        ("IPv6 route", (ns, _, host) => Route(ns, host, new RouteEntry { Destination = IpPrefix.Parse("fd01::/48"), Gateway = IPAddress.Parse("fd00:7::9") })),
        ("delete route", (ns, _, host) => new RouteDelete(ns, host.FindLink(ns, "br0")!.Id, new RouteEntry { Destination = IpPrefix.Parse("10.8.0.0/16"), Gateway = IPAddress.Parse("10.7.0.9") })),
        ("kernel parameter", (ns, _, _) => new SysctlWrite(ns, "net/ipv4/ip_forward", "1")),
        ("pinned MAC", (ns, _, host) => new LinkSet(ns, host.FindLink(ns, "br0")!.Id) { Mac = host.FindLink(ns, "br0")!.Mac, PinMac = true }),
        ("macvlan", (ns, _, host) => new LinkAdd(ns, "m9", new MacvlanSettings(MacvlanMode.Vepa, 300)) { Lower = host.FindLink(ns, "v0")!.Id, Mtu = 1280 }),
        ("macvlan up", (ns, _, host) => new LinkAdd(ns, "m9", new MacvlanSettings(MacvlanMode.Bridge)) { Lower = host.FindLink(ns, "v0")!.Id, Up = true }),
        ("macvlan elsewhere", (ns, peer, host) => new LinkAdd(ns, "m9", new MacvlanSettings(MacvlanMode.Bridge)) { Lower = host.FindLink(ns, "v0")!.Id, Target = peer }),
        ("tap", (ns, _, _) => new TapAdd(ns, "t9", new TunSettings(IsTap: true, Owner: 12345, Group: 23456, MultiQueue: true))),
        ("tap of nobody", (ns, _, _) => new TapAdd(ns, "t9", new TunSettings(IsTap: true))),
        ("move link", (ns, peer, host) => new LinkMove(ns, host.FindLink(ns, "v0")!, peer, "moved", "v0") { Up = true }),
        ("rename link", (ns, _, host) => new LinkSet(ns, host.FindLink(ns, "v0")!.Id) { Name = "renamed", Alias = "it's v0" }),
        ("enslave link", (ns, _, host) => new LinkSet(ns, host.FindLink(ns, "v0")!.Id) { Master = host.FindLink(ns, "br0")!.Id }),
        ("free link", (ns, _, host) => new LinkSet(ns, host.FindLink(ns, "port")!.Id) { Master = default(LinkId) }),
        ("replace route", (ns, _, host) => new RouteAdd(ns, host.FindLink(ns, "br0")!.Id, new RouteEntry { Destination = IpPrefix.Parse("10.8.0.0/16"), Gateway = IPAddress.Parse("10.7.0.8") }) { Replace = true }),
        ("route beside", (ns, _, host) => new RouteAdd(ns, host.FindLink(ns, "br0")!.Id, new RouteEntry { Destination = IpPrefix.Parse("10.8.0.0/16"), Gateway = IPAddress.Parse("10.7.0.8") }) { Beside = true }),
        ("vxlan", (ns, _, host) => new LinkAdd(ns, "x9", new VxlanSettings(5, IPAddress.Parse("10.7.0.1"), host.FindLink(ns, "br0")!.Id)) { Mtu = 1400, Up = true }),
        ("vxlan over IPv6", (ns, _, _) => new LinkAdd(ns, "x9", new VxlanSettings(16777215, IPAddress.Parse("fd00:7::1"), null, 4789, Learning: true))),
        ("neighbour", (ns, _, host) => new NeighbourSet(ns, host.FindLink(ns, "n0")!.Id, IPAddress.Parse("10.7.0.77"), new MacAddress([2, 1, 2, 3, 4, 5]))),
        ("known neighbour", (ns, _, host) => new NeighbourSet(ns, host.FindLink(ns, "n0")!.Id, IPAddress.Parse("10.7.0.8"), new MacAddress([2, 1, 2, 3, 4, 5]))),
        ("delete neighbour", (ns, _, host) => new NeighbourDelete(ns, host.FindLink(ns, "n0")!.Id, IPAddress.Parse("10.7.0.8"))),
        ("forwarding", (ns, _, host) => new ForwardingSet(ns, host.FindLink(ns, "x0")!.Id, new MacAddress([2, 1, 2, 3, 4, 5]), IPAddress.Parse("10.7.0.9"))),
        ("known forwarding", (ns, _, host) => new ForwardingSet(ns, host.FindLink(ns, "x0")!.Id, new MacAddress([2, 1, 2, 3, 4, 9]), IPAddress.Parse("10.7.0.9"))),
        ("delete forwarding", (ns, _, host) => new ForwardingDelete(ns, host.FindLink(ns, "x0")!.Id, new MacAddress([2, 1, 2, 3, 4, 9]), IPAddress.Parse("10.7.0.8"))),
        ("route of a daemon", (ns, _, host) => Route(ns, host, new RouteEntry { Destination = IpPrefix.Parse("10.9.0.0/16"), Gateway = IPAddress.Parse("10.7.0.9"), Protocol = 67 })),
        ("arp_notify", (ns, _, host) => new ArpNotifySet(ns, host.FindLink(ns, "br0")!.Id)),
    ];

    // Nothing takes these back: they are made on links that go away as a whole.
    private static readonly string[] s_withoutUndo = ["delete link", "link up", "link down, mtu, promiscuous", "arp_notify", "bridge port", "pinned MAC", "rename link", "enslave link", "free link", "replace route", "known neighbour", "delete neighbour",
        "known forwarding"];

    public static TheoryData<string> Names => NamesOf(_ => true);

    public static TheoryData<string> Undoable => NamesOf(name => !s_withoutUndo.Contains(name));

    private static TheoryData<string> NamesOf(Func<string, bool> wanted)
    {
        TheoryData<string> names = [];
        foreach ((string name, _) in Cases)
        {
            if (wanted(name))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static RouteAdd Route(NetworkNamespace ns, LinuxHost host, RouteEntry route) => new(ns, host.FindLink(ns, "br0")!.Id, route);

    [Theory]
    [MemberData(nameof(Names))]
    public void TheCommandDoesTheSame(string name)
    {
        Func<NetworkNamespace, NetworkNamespace, LinuxHost, Change> make = Find(name);
        Func<string> made = MakeIn("a", make, (host, change) => host.Apply([change]));
        Func<string> typed = MakeIn("b", make, (_, change) => Sandbox.Run(change.Text));
        BecomeEqual(made, typed);
    }

    [Theory]
    [MemberData(nameof(Undoable))]
    public void TheUndoBringsBackWhatWas(string name)
    {
        Func<string> before = MakeIn("a", Find(name), (_, _) => { });
        Func<string> after = MakeIn("b", Find(name), (host, change) =>
        {
            Applied applied = host.Apply([change])[0];
            host.Apply([applied.Undo ?? throw new InvalidOperationException("no undo")]);
        });
        BecomeEqual(before, after);
    }

    // The kernel goes on by itself for a while: carriers, timers, duplicate address detection.
    private static void BecomeEqual(Func<string> expected, Func<string> actual)
    {
        for (int i = 0; i < 20 && expected() != actual(); i++)
        {
            Thread.Sleep(100);
        }

        Assert.Equal(expected(), actual());
    }

    private static Func<NetworkNamespace, NetworkNamespace, LinuxHost, Change> Find(string name)
    {
        foreach ((string candidate, Func<NetworkNamespace, NetworkNamespace, LinuxHost, Change> change) in Cases)
        {
            if (candidate == name)
            {
                return change;
            }
        }

        throw new ArgumentException(name);
    }

    private Func<string> MakeIn(string suffix, Func<NetworkNamespace, NetworkNamespace, LinuxHost, Change> make, Action<LinuxHost, Change> apply)
    {
        string name = _sandbox.AddNamespace("ground-" + suffix), peerName = _sandbox.AddNamespace("peer-" + suffix);
        Sandbox.Run(
            $"ip -n {name} link add br0 up type bridge && ip -n {name} addr add 10.7.0.1/24 brd + dev br0 && ip -n {name} addr add 10.6.0.1/24 brd + dev br0 && ip -n {name} addr add fd00:7::1/64 dev br0 nodad "
            + $"&& ip -n {name} link add v0 type veth peer name v1 && ip -n {name} link add port up master br0 type veth peer name port1 "
            + $"&& ip -n {name} route add 10.8.0.0/16 via 10.7.0.9 && ip -n {name} link add n0 up type veth peer name n1 && ip -n {name} neigh add 10.7.0.8 lladdr 02:01:02:03:04:08 dev n0 nud permanent "
            + $"&& ip -n {name} link add x0 type vxlan id 9 dstport 8474 local 10.7.0.1 nolearning && bridge -n {name} fdb add 02:01:02:03:04:09 dev x0 dst 10.7.0.8");
        using NetworkNamespace ns = NetworkNamespace.Open(NamedNamespaces.PathOf(name)), peer = NetworkNamespace.Open(NamedNamespaces.PathOf(peerName));
        apply(_sandbox.Host, make(ns, peer, _sandbox.Host));
        return () => Sandbox.Run($"ip netns exec {name} sh -c 'grep . /sys/class/net/br0/addr_assign_type'") + Sandbox.Run(string.Format(State, name)) + Sandbox.Run(string.Format(LinkState, peerName))
            + Sandbox.Run($"ip netns exec {name} sysctl -e net.ipv4.conf.br0.arp_notify; true");
    }

    [Fact]
    public void ALinkComesHomeByTheProcessIdOfTheShell()
    {
        string away = _sandbox.AddNamespace("away");
        using NetworkNamespace home = NetworkNamespace.OpenCurrent(), from = NetworkNamespace.Open(NamedNamespaces.PathOf(away));
        Link link = new() { Name = "eth0", Index = 2, Alias = "ens5" };
        // In "ip -n", /proc/self is already there: a path would lead nowhere.
        Assert.Equal($"ip -n {away} link set dev eth0 netns $$ name ens5 alias ''", new LinkMove(from, link, home, "ens5", "").Text);
    }
}
