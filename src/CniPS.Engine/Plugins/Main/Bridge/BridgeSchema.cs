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
            new("forceAddress", "boolean", "false", "Replaces another address that the bridge has.", "0.6"),
            new("ipMasq", "boolean", "false", "Masquerades what leaves the container's subnet.", "0.1"),
            new("ipMasqBackend", "string", "\"nftables\"", "What masquerades: \"nftables\" or \"iptables\". Without it: what is set for all networks, else nftables.", "1.6"),
            new("mtu", "integer", "the kernel's", "The MTU of bridge and interfaces, in bytes.", "0.1"),
            new("hairpinMode", "boolean", "false", "A frame may leave the bridge by the port it came in.", "0.1"),
            new("promiscMode", "boolean", "false", "Promiscuous mode of the bridge.", "0.6"),
            new("portIsolation", "boolean", "false", "Containers on the bridge can't reach one another.", "1.7"),
            new("enabledad", "boolean", "false", "IPv6 duplicate address detection inside the container.", "1.1"),
            new("disableContainerInterface", "boolean", "false", "Leaves the container's interface down; without IPAM only.", "1.4.1"),
            new("vlan", "integer", "0", "The VLAN that the container is in without knowing: its frames have no tag. 0 for none, or 1 to 4094.", "0.8"),
            new("vlanTrunk", "array of objects", null, "VLANs whose frames the container gets, and sends, with a tag.", "1.3"),
            new("vlanTrunk[].id", "integer", null, "One VLAN, 1 to 4094.", "1.3"),
            new("vlanTrunk[].minID", "integer", null, "The first of several VLANs; together with maxID.", "1.3"),
            new("vlanTrunk[].maxID", "integer", null, "The last of several VLANs; together with minID.", "1.3"),
            new("preserveDefaultVlan", "boolean", "false", "Leaves the port in the VLAN that the bridge puts new ports into, beside vlan and vlanTrunk.", "1.3"),
            new("macspoofchk", "boolean", "false", "Drops frames that come from the container with another source address than its own.", "1.1"),
            new("runtimeConfig.mac", "MAC address", null, "The interface's address (capability mac).", "1.0"),
            new("args.cni.mac", "MAC address", null, "The interface's address.", "1.0"),
        ]);
}
