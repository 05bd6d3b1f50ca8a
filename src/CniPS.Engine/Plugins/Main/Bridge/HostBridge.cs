using System;
using System.Collections.Generic;
using System.Globalization;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>The bridge on the host: made where it is missing, and otherwise left as it is.</summary>
internal sealed class HostBridge
{
    private const int GivenAddress = 3; // NET_ADDR_SET

    private readonly PluginContext _context;
    private readonly BridgeConfiguration _configuration;
    private readonly IHost _host;

    internal HostBridge(PluginContext context, BridgeConfiguration configuration)
    {
        _context = context;
        _configuration = configuration;
        _host = context.Host;
    }

    /// <summary>
    /// Finds or makes the bridge and attaches a port, as one step under the namespace's lock: shared for a bridge that is there, exclusive to
    /// make one, so that no rollback of another ADD takes it away in between; and for one that has no address of its own yet, or another ADD
    /// would take what it has for a moment, between its new port and <see cref="KeepMac"/>, for the one to keep.
    /// </summary>
    internal Link Attach(Func<Link, Link> addPort, out Link port)
    {
        using (_host.LockNamespace(_host.Namespace, exclusive: false, _context.Cancellation))
        {
            if (Find() is { } bridge && IsReady(bridge) && HasOwnMac(bridge))
            {
                port = addPort(bridge);
                return KeepMac(bridge);
            }
        }

        using (_host.LockNamespace(_host.Namespace, exclusive: true, _context.Cancellation))
        {
            Link bridge = Prepare(Find() ?? Make());
            port = addPort(bridge);
            return KeepMac(bridge);
        }
    }

    // Until it is given one, a bridge takes the lowest address of its ports, and none when the last one goes: neighbours would lose it.
    private Link KeepMac(Link before)
    {
        Link bridge = _host.FindLink(_host.Namespace, before.Index) ?? before;
        if (before.Mac is not { IsZero: false } mac || bridge.Mac is null || bridge.Mac == mac)
        {
            return bridge;
        }

        _context.Apply(new LinkSet(_host.Namespace, bridge.Id) { Mac = mac, PinMac = true });
        return bridge with { Mac = mac };
    }

    // rtnetlink doesn't tell whether it was given one (NET_ADDR_SET of linux/netdevice.h); sysfs does. Where that is another namespace's, or can't be
    // read, nobody knows: then one ADD waits for the other's port, no more.
    private bool HasOwnMac(Link bridge)
    {
        string folder = $"/sys/class/net/{bridge.Name}";
        try
        {
            return ReadNumber($"{folder}/ifindex") == bridge.Index && ReadNumber($"{folder}/addr_assign_type") == GivenAddress;
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    private int? ReadNumber(string path) => int.TryParse(_host.ReadFile(path), CultureInfo.InvariantCulture, out int number) ? number : null;

    private bool IsReady(Link bridge) => bridge.IsUp && (bridge.IsPromiscuous || !_configuration.Promiscuous);

    private Link? Find()
    {
        Link? link = _host.FindLink(_host.Namespace, _configuration.Bridge);
        if (link is { Kind: "bridge", VlanFiltering: false } && _configuration.Vlans.NeedFiltering)
        {
            throw new CniException(
                CniErrorIds.BridgeConflict, CniErrorCode.Internal, $"bridge \"{link.Name}\" does not look at VLAN tags: nobody would be kept apart")
            {
                Target = link.Name,
                RecommendedAction = $"Use another bridge for this network, or, if all of its ports can do with it: ip link set {link.Name} type bridge vlan_filtering 1",
            };
        }

        return link is null or { Kind: "bridge" } ? link : throw new CniException(
            CniErrorIds.BridgeConflict,
            CniErrorCode.Internal,
            $"failed to create bridge \"{_configuration.Bridge}\": \"{_configuration.Bridge}\" already exists but is not a bridge")
        {
            Target = _configuration.Bridge,
            RecommendedAction = $"Choose another bridge name, or remove the {link.Kind ?? "hardware"} link of that name.",
        };
    }

    private Link Make()
    {
        IReadOnlyList<Applied> made = _context.Transaction.ApplyShared(new SharedBridge(_configuration.Bridge), Creation(_host.Namespace, _configuration, _host.IsPlan ? null : MacAddress.Random()));
        return made[0].Link ?? Find()!;
    }

    /// <summary>What makes the bridge, with an address that stays; null leaves it to the kernel.</summary>
    internal static IReadOnlyList<Change> Creation(NetworkNamespace ns, BridgeConfiguration configuration, MacAddress? mac) =>
    [
        new BridgeAdd(ns, configuration.Bridge, configuration.Mtu, configuration.Vlans.NeedFiltering) { Mac = mac },
        new SysctlWrite(ns, $"net/ipv6/conf/{configuration.Bridge}/accept_ra", "0") { Optional = true, KeepOld = false },
    ];

    private Link Prepare(Link bridge)
    {
        if (IsReady(bridge))
        {
            return bridge;
        }

        // Neither is taken back: nobody can tell who else counts on it by then.
        _context.Apply(new LinkSet(_host.Namespace, bridge.Id) { Up = true, Promiscuous = _configuration.Promiscuous ? true : null });
        return Find()!;
    }
}
