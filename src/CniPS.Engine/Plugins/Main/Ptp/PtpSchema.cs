using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>The keys that ptp knows.</summary>
internal static class PtpSchema
{
    internal static PluginSchema Value { get; } = new(
        "ptp",
        [
            new("ipMasq", "boolean", "false", "Masquerades what leaves the container's subnet.", "0.1"),
            new("ipMasqBackend", "string", "\"nftables\"", "What masquerades: \"nftables\" or \"iptables\". Without it: what is set for all networks, else nftables.", "1.6"),
            new("mtu", "integer", "the kernel's", "The MTU of both interfaces, in bytes.", "0.1"),
            new("enabledad", "boolean", "false", "Detects duplicates of IPv6 addresses before they are used: one to two seconds.", "CniPS 0.1"),
            new("ipam.type", "string", null, "The plugin that gives addresses. Each needs a gateway.", "0.1"),
        ]);
}
