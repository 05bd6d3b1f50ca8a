using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The keys that portmap knows.</summary>
internal static class PortmapSchema
{
    internal static PluginSchema Value { get; } = new(
        "portmap",
        [
            new(
                "backend", "string", "\"nftables\"",
                "What forwards: \"nftables\" (no program is run, but for unusual conditions) or \"iptables\". Without it: what the other options need, else what is set for all networks, else nftables.", "1.6"),
            new("snat", "boolean", "true", "Lets the container, its subnet and the host itself (127.0.0.1 too) use the ports.", "0.6"),
            new("masqAll", "boolean", "false", "Gives all that comes through the ports the host's address, wherever it comes from.", "1.2"),
            new("markMasqBit", "integer", "13", "iptables: the bit of a packet's mark that means: masquerade. 0 to 31.", "0.6"),
            new("externalSetMarkChain", "string", null, "iptables: a chain of others that marks what is to be masqueraded; excludes markMasqBit.", "0.7"),
            new("conditionsV4", "array of strings", "[]", "What an IPv4 packet must be besides, in the words of nft or of iptables.", "0.6"),
            new("conditionsV6", "array of strings", "[]", "What an IPv6 packet must be besides, in the words of nft or of iptables.", "0.6"),
            new("runtimeConfig.portMappings", "array of objects", "[]", "The mappings, from the runtime (capability portMappings).", "0.6"),
            new("runtimeConfig.portMappings[].hostPort", "integer", null, "The host's port.", "0.6"),
            new("runtimeConfig.portMappings[].containerPort", "integer", null, "The container's port.", "0.6"),
            new("runtimeConfig.portMappings[].protocol", "string", "\"tcp\"", "\"tcp\", \"udp\" or \"sctp\".", "0.6"),
            new("runtimeConfig.portMappings[].hostIP", "IP address", null, "The one address of the host that the port is open on; 0.0.0.0 and :: are all of a family.", "0.6"),
        ]);
}
