using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The keys that flannel knows.</summary>
internal static class FlannelSchema
{
    internal static PluginSchema Value { get; } = new(
        "flannel",
        [
            new("subnetFile", "string", "\"/run/flannel/subnet.env\"", "The file in which flanneld says what subnet this node has.", "0.1"),
            new("dataDir", "string", "\"/var/lib/cni/flannel\"", "Where the delegate's configuration is kept for DEL, in a file for each container.", "0.1"),
            new("delegate", "object", "{\"type\": \"bridge\"}", "What the delegate's configuration begins with: all but name and ipam.", "0.1"),
            new("ipam", "object", "{\"type\": \"host-local\"}", "What the delegate's ipam begins with: ranges are replaced, routes added to.", "0.8"),
        ]);
}
