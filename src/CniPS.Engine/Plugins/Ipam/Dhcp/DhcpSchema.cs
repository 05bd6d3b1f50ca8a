using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The keys that dhcp knows.</summary>
internal static class DhcpSchema
{
    internal static PluginSchema Value { get; } = new(
        "dhcp",
        [
            new("ipam.type", "string", null, "dhcp", "0.8"),
            new("ipam.daemonSocketPath", "string", $"\"{DhcpConfiguration.DefaultSocket}\"", "The socket of the daemon that keeps the leases.", "0.8"),
            new("ipam.provide", "array of objects", "[]", "Options that are sent to the server.", "1.1"),
            new("ipam.provide[].option", "string", null, $"Which: a number, or {DhcpOptionNames.Listed}.", "1.1"),
            new("ipam.provide[].value", "string", null, "Its value, as text.", "1.1"),
            new("ipam.provide[].fromArg", "string", null, "The key of CNI_ARGS that has its value; without that key the option is not sent.", "1.1"),
            new("ipam.request", "array of objects", "[]", "Options that the server is asked for, besides subnet-mask and routers.", "1.1"),
            new("ipam.request[].option", "string", null, "Which: a number or a name, as above.", "1.1"),
            new("ipam.request[].skipDefault", "boolean", "false", "Don't ask for subnet-mask and routers.", "1.1"),
            new("ipam.priority", "integer", null, "The metric of the routes.", "1.6"),
        ]);
}
