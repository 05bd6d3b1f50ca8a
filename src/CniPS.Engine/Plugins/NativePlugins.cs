using System;
using System.Collections.Generic;
using CniPS.Plugins.Ipam;
using CniPS.Plugins.Main;
using CniPS.Plugins.Meta;

namespace CniPS.Plugins;

/// <summary>The plugins that are built in.</summary>
public static class NativePlugins
{
    /// <summary>Their types, sorted.</summary>
    public static IReadOnlyList<string> Types { get; } = ["bridge", "host-local", "loopback", "portmap", "ptp", "static", "tuning"];

    /// <summary>The plugin of a type, or null.</summary>
    public static ICniPlugin? Find(string type) => type switch
    {
        "bridge" => new BridgePlugin(),
        "host-local" => new HostLocalPlugin(),
        "loopback" => new LoopbackPlugin(),
        "portmap" => new PortmapPlugin(),
        "ptp" => new PtpPlugin(),
        "static" => new StaticPlugin(),
        "tuning" => new TuningPlugin(),
        _ => null,
    };
}
