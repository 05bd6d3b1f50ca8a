using System;
using System.Collections.Generic;
using CniPS.Plugins.Ipam;
using CniPS.Plugins.Main;
using CniPS.Plugins.Meta;

namespace CniPS.Plugins.Catalog;

/// <summary>The plugins that are built in.</summary>
public static class NativePlugins
{
    /// <summary>Their types, sorted.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "bandwidth",
        "bridge",
        "cluster",
        "dhcp",
        "dummy",
        "firewall",
        "flannel",
        "host-device",
        "host-local",
        "ipvlan",
        "loopback",
        "macvlan",
        "portmap",
        "ptp",
        "sbr",
        "static",
        "tap",
        "tuning",
        "vlan",
        "vrf",
    ];

    /// <summary>The plugin of a type, or null.</summary>
    public static ICniPlugin? Find(string type) => type switch
    {
        "bandwidth" => new BandwidthPlugin(),
        "bridge" => new BridgePlugin(),
        "cluster" => new ClusterPlugin(),
        "dhcp" => new DhcpPlugin(),
        "dummy" => new DummyPlugin(),
        "firewall" => new FirewallPlugin(),
        "flannel" => new FlannelPlugin(),
        "host-device" => new HostDevicePlugin(),
        "host-local" => new HostLocalPlugin(),
        "ipvlan" => new IpvlanPlugin(),
        "loopback" => new LoopbackPlugin(),
        "macvlan" => new MacvlanPlugin(),
        "portmap" => new PortmapPlugin(),
        "ptp" => new PtpPlugin(),
        "sbr" => new SbrPlugin(),
        "static" => new StaticPlugin(),
        "tap" => new TapPlugin(),
        "tuning" => new TuningPlugin(),
        "vlan" => new VlanPlugin(),
        "vrf" => new VrfPlugin(),
        _ => null,
    };
}
