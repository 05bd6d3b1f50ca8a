using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The keys that host-local knows.</summary>
internal static class HostLocalSchema
{
    internal static PluginSchema Value { get; } = new(
        "host-local",
        [
            new("ipam.type", "string", null, "host-local", "0.1"),
            .. Ranges,
            .. ConfiguredRoutes.Keys("0.1"),
            .. Kept,
            .. Requested,
            .. RangesAtRuntime,
        ]);

    /// <summary>The ranges.</summary>
    internal static IReadOnlyList<PluginKey> Ranges =>
    [
        new("ipam.subnet", "CIDR", null, "A subnet to give addresses of: a range set of its own.", "0.1"),
        new("ipam.rangeStart", "IP address", "the subnet's first address", "The first address given out.", "0.1"),
        new("ipam.rangeEnd", "IP address", "the subnet's last address", "The last address given out.", "0.1"),
        new("ipam.gateway", "IP address", "the subnet's first address", "The gateway; it is never given out.", "0.1"),
        new("ipam.ranges", "array of arrays of objects", null, "Range sets: an attachment gets one address of each.", "0.7"),
        new("ipam.ranges[][].subnet", "CIDR", null, "The range's subnet.", "0.7"),
        new("ipam.ranges[][].rangeStart", "IP address", "the subnet's first address", "The first address given out.", "0.7"),
        new("ipam.ranges[][].rangeEnd", "IP address", "the subnet's last address", "The last address given out.", "0.7"),
        new("ipam.ranges[][].gateway", "IP address", "the subnet's first address", "The gateway; it is never given out.", "0.7"),
    ];

    /// <summary>Where addresses are kept, and DNS.</summary>
    internal static IReadOnlyList<PluginKey> Kept =>
    [
        new("ipam.dataDir", "string", "\"/var/lib/cni/networks\"", "Where the addresses given out are kept.", "0.5"),
        new("ipam.resolvConf", "string", null, "A file in resolv.conf's format; it becomes the result's DNS.", "0.6"),
    ];

    /// <summary>Addresses asked for.</summary>
    internal static IReadOnlyList<PluginKey> Requested =>
    [
        new("args.cni.ips", "array of IP addresses", "[]", "Addresses asked for; a prefix length behind one is passed over.", "0.7"),
        new("runtimeConfig.ips", "array of IP addresses", "[]", "Addresses asked for (capability `ips`).", "0.9"),
    ];

    /// <summary>Ranges given with an attachment.</summary>
    internal static IReadOnlyList<PluginKey> RangesAtRuntime =>
    [
        new("runtimeConfig.ipRanges", "array of arrays of objects", "[]", "Range sets before those of `ipam` (capability `ipRanges`).", "0.7"),
        new("runtimeConfig.ipRanges[][].subnet", "CIDR", null, "The range's subnet.", "0.7"),
        new("runtimeConfig.ipRanges[][].rangeStart", "IP address", "the subnet's first address", "The first address given out.", "0.7"),
        new("runtimeConfig.ipRanges[][].rangeEnd", "IP address", "the subnet's last address", "The last address given out.", "0.7"),
        new("runtimeConfig.ipRanges[][].gateway", "IP address", "the subnet's first address", "The gateway; it is never given out.", "0.7"),
    ];
}
