using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The keys that firewall knows.</summary>
internal static class FirewallSchema
{
    internal static PluginSchema Value { get; } = new(
        "firewall",
        [
            new(
                "backend", "string", null,
                "\"iptables\", \"firewalld\" or \"nftables\" (no program is run). Without it, or with any other word: firewalld where it runs, else what is "
                + "set for all networks, else iptables where it is installed, else nftables.", "0.8"),
            new("iptablesAdminChainName", "string", "\"CNI-ADMIN\"", "iptables: the administrator's own chain, which comes before the containers' rules.", "0.8"),
            new("firewalldZone", "string", "\"trusted\"", "firewalld: the zone that the containers' addresses go into.", "0.8"),
            new(
                "ingressPolicy", "string", "\"open\"",
                "\"open\", \"same-bridge\" (nothing from the bridges of other networks with a policy) or \"isolated\" (nor from its own containers).", "1.1"),
        ]);
}
