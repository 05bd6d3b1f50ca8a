using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Node.Flannel;

namespace CniPS.Node.Overlay;

/// <summary>A way to a peer through a tunnel.</summary>
/// <param name="Subnet">The peer's subnet; its first address is that of the tunnel's other end.</param>
/// <param name="Mac">The other end's link-layer address.</param>
/// <param name="Remote">The peer.</param>
internal readonly record struct TunnelPeer(IpPrefix Subnet, MacAddress Mac, IPAddress Remote);

/// <summary>A tunnel's device, as it is to be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Settings">What kind it is.</param>
/// <param name="Mac">Its link-layer address, which peers know.</param>
/// <param name="Mtu">Its MTU.</param>
/// <param name="Address">Its address: a host's, so that no route follows from it.</param>
/// <param name="Network">All that it may lead to.</param>
/// <param name="Peers">Who is reached by it.</param>
internal sealed record WantedTunnel(
    string Name, VxlanSettings Settings, MacAddress Mac, int Mtu, IpPrefix Address, IpPrefix Network, IReadOnlyList<TunnelPeer> Peers);

/// <summary>A way to a peer on the uplink's own network.</summary>
/// <param name="Subnet">The peer's subnet.</param>
/// <param name="Gateway">The peer.</param>
internal readonly record struct UplinkRoute(IpPrefix Subnet, IPAddress Gateway);

/// <summary>What of flannel's network a node has to have in its kernel: it follows from the network, the node's own subnets, and its peers'.</summary>
internal sealed record WantedOverlay
{
    /// <summary>The tunnels, one a family; none where packets travel by routes.</summary>
    internal required IReadOnlyList<WantedTunnel> Tunnels { get; init; }

    /// <summary>The ways without a tunnel.</summary>
    internal required IReadOnlyList<UplinkRoute> Routes { get; init; }

    /// <summary>Where those go out.</summary>
    internal required LinkId Uplink { get; init; }

    /// <summary>The networks, outside of which nothing is touched.</summary>
    internal required IReadOnlyList<IpPrefix> Networks { get; init; }

    /// <summary>The MTU of containers.</summary>
    internal required int Mtu { get; init; }

    /// <summary>The networks whose packets leave with the node's address, by rules of cnipsd's; none where plugins see to it.</summary>
    internal IReadOnlyList<NodeNetwork> Masqueraded { get; init; } = [];

    /// <summary>Peers that can't be reached, and why.</summary>
    internal required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Says what a node has to have.</summary>
    /// <param name="config">The network.</param>
    /// <param name="own">The node's own subnets.</param>
    /// <param name="peers">Everybody's; the node's own may be among them.</param>
    /// <param name="uplink">Where the node reaches the others.</param>
    /// <param name="masquerades">Whether cnipsd masquerades what leaves the network.</param>
    internal static WantedOverlay Of(FlannelConfig config, SubnetLease own, IEnumerable<SubnetLease> peers, Uplink uplink, bool masquerades = false)
    {
        List<string> problems = [];
        List<SubnetLease> others = [];
        foreach (SubnetLease peer in peers)
        {
            if (peer.Key != own.Key && IsPeer(config, own, peer, problems))
            {
                others.Add(peer);
            }
        }

        List<WantedTunnel> tunnels = [];
        List<UplinkRoute> routes = [];
        List<IpPrefix> networks = [];
        List<NodeNetwork> masqueraded = [];
        foreach (bool v6 in (bool[])[false, true])
        {
            if (config.Range(v6) is { } range)
            {
                networks.Add(range.Network);
                if (masquerades && own.SubnetOf(v6) is { } inside)
                {
                    masqueraded.Add(new NodeNetwork(range.Network, inside));
                }

                List<TunnelPeer> tunneled = [];
                Sort(config.Backend, v6, others, uplink, tunneled, routes, problems);
                if (config.Backend.IsTunnel && own.EndOf(v6) is { } end && own.SubnetOf(v6) is { } subnet)
                {
                    tunnels.Add(new WantedTunnel(
                        config.Backend.DeviceOf(v6),
                        new VxlanSettings(config.Backend.Vni, uplink.LocalOf(v6), uplink.Link, config.Backend.Port, config.Backend.Learning),
                        end.Mac,
                        MtuOf(config.Backend, uplink) - VxlanSettings.Overhead(range.Network.Family),
                        IpPrefix.Host(subnet.Address),
                        range.Network,
                        tunneled));
                }
            }
        }

        return new WantedOverlay
        {
            Tunnels = tunnels, Routes = routes, Uplink = uplink.Link, Networks = networks, Problems = problems, Masqueraded = masqueraded,
            Mtu = tunnels.Count > 0 ? tunnels[^1].Mtu : uplink.Mtu, // IPv6's, where there is one, is the smaller
        };
    }

    private static int MtuOf(FlannelBackend backend, Uplink uplink) => Math.Min(backend.Mtu ?? uplink.Mtu, uplink.Mtu);

    private static bool IsPeer(FlannelConfig config, SubnetLease own, SubnetLease peer, List<string> problems)
    {
        string? problem =
            peer.BackendType != config.Backend.Type ? $"its backend is {peer.BackendType}, not {config.Backend.Type}"
            : own.PublicIP is not null && own.PublicIP.Equals(peer.PublicIP) ? "it is this node's by its address, and not the one that this node has"
            : peer.Subnet.Overlaps(own.Subnet) ? $"it overlaps this node's own, {own.Subnet}"
            : !Holds(config.V4.Network, peer.Subnet) ? $"it lies outside of {config.V4.Network}"
            : peer.SubnetV6 is { } v6 && config.V6 is { } range && (!Holds(range.Network, v6) || (own.SubnetV6 is { } ownV6 && ownV6.Overlaps(v6)))
                ? $"{v6} lies outside of {range.Network}, or overlaps this node's own"
            : null;
        if (problem is not null)
        {
            problems.Add($"subnet {peer.Key} is passed over: {problem}");
        }

        return problem is null;
    }

    private static bool Holds(IpPrefix network, IpPrefix subnet) => network.Length < subnet.Length && network.Contains(subnet.Address);

    private static void Sort(
        FlannelBackend backend, bool v6, List<SubnetLease> peers, Uplink uplink, List<TunnelPeer> tunneled, List<UplinkRoute> routes, List<string> problems)
    {
        foreach (SubnetLease peer in peers)
        {
            if (peer.SubnetOf(v6) is not { } subnet)
            {
                continue;
            }

            IPAddress? address = peer.PublicOf(v6);
            if (address is not null && (!backend.IsTunnel || backend.DirectRouting) && uplink.Reaches(address))
            {
                routes.Add(new UplinkRoute(subnet, address));
            }
            else if (backend.IsTunnel && address is not null && peer.EndOf(v6) is { } end && (end.Vni ?? backend.Vni) == backend.Vni)
            {
                tunneled.Add(new TunnelPeer(subnet, end.Mac, address));
            }
            else
            {
                problems.Add($"subnet {subnet} is not reached: " + (address is null ? "its node's address isn't told"
                    : backend.IsTunnel ? $"node {address} has no end of VXLAN {backend.Vni}" : $"node {address} is not on a network of {uplink.Link.Name}, as host-gw needs it"));
            }
        }
    }
}
