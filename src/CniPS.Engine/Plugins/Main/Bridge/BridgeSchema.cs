using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>The keys that bridge knows.</summary>
internal static class BridgeSchema
{
    internal static PluginSchema Value { get; } = new(
        "bridge",
        [
            new("bridge", "string", "\"cni0\"", "The bridge's name; it is made where it is missing.", "0.1"),
            new("isGateway", "boolean", "false", "Gives the bridge the gateway's address, and switches forwarding on.", "0.1"),
            new("isDefaultGateway", "boolean", "false", "Implies isGateway, and adds a default route.", "0.3"),
            new("forceAddress", "boolean", "false", "Replaces another address that the bridge has.", "0.3"),
            new("ipMasq", "boolean", "false", "Masquerades what leaves the container's subnet.", "0.1"),
            new("ipMasqBackend", "string", "\"nftables\"", "What masquerades.", "1.6"),
            new("mtu", "integer", "the kernel's", "The MTU of bridge and interfaces, in bytes.", "0.1"),
            new("hairpinMode", "boolean", "false", "A frame may leave the bridge by the port it came in.", "0.1"),
            new("promiscMode", "boolean", "false", "Promiscuous mode of the bridge.", "0.6"),
            new("portIsolation", "boolean", "false", "Containers on the bridge can't reach one another.", "1.7"),
            new("enabledad", "boolean", "false", "IPv6 duplicate address detection inside the container.", "1.0"),
            new("disableContainerInterface", "boolean", "false", "Leaves the container's interface down; without IPAM only.", "1.4"),
            new("preserveDefaultVlan", "boolean", "false", "Keeps VLAN 1 on the port where vlan or vlanTrunk is set.", "1.3"),
            new("vlan", "integer", "0", "The port's VLAN. Not native yet.", "0.8"),
            new("vlanTrunk", "array of objects", "[]", "VLANs that the port carries tagged. Not native yet.", "1.3"),
            new("macspoofchk", "boolean", "false", "Drops frames with another source address. Not native yet.", "1.0"),
            new("runtimeConfig.mac", "MAC address", null, "The interface's address (capability mac).", "0.9"),
            new("args.cni.mac", "MAC address", null, "The interface's address.", "0.9"),
        ]);
}
