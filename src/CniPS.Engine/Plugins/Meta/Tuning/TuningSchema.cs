using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The keys that tuning knows.</summary>
internal static class TuningSchema
{
    internal static PluginSchema Value { get; } = new(
        "tuning",
        [
            new("sysctl", "object", "{}", "Kernel parameters of the container's network, set before everything else. They stay after DEL.", "0.2"),
            new("sysctl.*", "string", null, "A parameter's value. Its name begins with `net.`; `IFNAME` in it stands for the interface.", "0.2"),
            new("mac", "MAC address", null, "The interface's address.", "0.8"),
            new("promisc", "boolean", "false", "Switches promiscuous mode on.", "0.8"),
            new("mtu", "integer", "0", "The interface's MTU, in bytes; 0 leaves it.", "0.8"),
            new("allmulti", "boolean", null, "Switches reception of every multicast on or off.", "1.0"),
            new("txQLen", "integer", null, "The length of the interface's transmit queue, in packets.", "1.4"),
            new("dataDir", "string", "\"/run/cni/tuning\"", "Where is kept what DEL puts back.", "0.9"),
            new("runtimeConfig.mac", "MAC address", null, "The interface's address (capability `mac`); before `mac` and CNI_ARGS.", "0.8"),
            new("args.cni.sysctl", "object", "{}", "Kernel parameters, in addition to or instead of those of `sysctl`.", "1.0"),
            new("args.cni.sysctl.*", "string", null, "A parameter's value.", "1.0"),
            new("args.cni.mac", "MAC address", null, "The interface's address; before all others.", "1.0"),
            new("args.cni.promisc", "boolean", null, "Instead of `promisc`.", "1.0"),
            new("args.cni.mtu", "integer", null, "Instead of `mtu`.", "1.0"),
            new("args.cni.allmulti", "boolean", null, "Instead of `allmulti`.", "1.0"),
            new("args.cni.txQLen", "integer", null, "Instead of `txQLen`.", "1.4"),
        ]);
}
