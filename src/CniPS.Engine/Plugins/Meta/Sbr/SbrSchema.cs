using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The keys that sbr knows.</summary>
internal static class SbrSchema
{
    internal static PluginSchema Value { get; } = new(
        "sbr",
        [
            new("table", "integer", null, "The routing table, which others fill; without it, each address gets the first free one from 100 on, with its routes.", "1.6"),
            new("gateways", "array of strings", "[]", "Gateways instead of those in the result: one of IPv4, one of IPv6, or both.", "1.10"),
            new("addSourceHints", "boolean", "false", "Keeps the subnets in the main table, with the address to send from.", "1.10"),
        ]);
}
