using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The keys that bandwidth knows.</summary>
internal static class BandwidthSchema
{
    internal static PluginSchema Value { get; } = new(
        "bandwidth",
        [
            .. Keys(""),
            new("runtimeConfig.bandwidth", "object", null, "The same, from the runtime (capability bandwidth); not looked at where the configuration has any of them.", "0.8"),
            .. Keys("runtimeConfig.bandwidth."),
        ]);

    private static IEnumerable<PluginKey> Keys(string prefix) =>
    [
        new(prefix + "ingressRate", "integer", "0", "What may reach the container, in bits a second; 0 for all.", "0.8"),
        new(prefix + "ingressBurst", "integer", "0", "How much may come at once beyond that, in bits; goes with ingressRate.", "0.8"),
        new(prefix + "egressRate", "integer", "0", "What the container may send, in bits a second; 0 for all.", "0.8"),
        new(prefix + "egressBurst", "integer", "0", "How much it may send at once beyond that, in bits; goes with egressRate.", "0.8"),
    ];
}
