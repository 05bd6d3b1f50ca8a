using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The keys that static knows.</summary>
internal static class StaticSchema
{
    internal static PluginSchema Value { get; } = new(
        "static",
        [
            new("ipam.type", "string", null, "static", "0.8"),
            new("ipam.addresses", "array of objects", "[]", "The addresses.", "0.8"),
            new("ipam.addresses[].address", "CIDR", null, "The address, with the length of its subnet.", "0.8"),
            new("ipam.addresses[].gateway", "IP address", null, "The gateway of the address's family.", "0.8"),
            .. ConfiguredRoutes.Keys("0.8"),
            .. ConfiguredDns.Keys("ipam.", "0.8"),
            new("args.cni.ips", "array of CIDR", null, "Addresses instead of those in `addresses`; without gateways.", "0.8"),
            new("runtimeConfig.ips", "array of CIDR", null, "Addresses instead of all others (capability `ips`); without gateways.", "0.8"),
        ]);
}
