using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The keys that cluster knows: host-local's, and those of blocks.</summary>
internal static class ClusterSchema
{
    private const string Since = "CniPS 0.1";

    internal static PluginSchema Value { get; } = new("cluster", Keys());

    private static List<PluginKey> Keys()
    {
        List<PluginKey> keys =
        [
            new("ipam.type", "string", null, "cluster", Since),
            .. HostLocalSchema.Ranges,
            new("ipam.blockSize", "integer", "26", "The prefix length of the blocks of IPv4 addresses that a node claims: the same on every node.", Since),
            new("ipam.blockSize6", "integer", "122", "The prefix length of the blocks of IPv6 addresses.", Since),
            new("ipam.exclude", "array of strings", "[]", "Addresses and subnets that are never given out: the same on every node.", Since),
            .. ConfiguredRoutes.Keys(Since),
            .. HostLocalSchema.Kept,
            new("ipam.stateDir", "string", $"\"{NodeBlocks.DefaultFolder}\"", "The folder of the node's daemon, cnipsd, where the node's blocks are.", Since),
            new("ipam.daemonSocketPath", "string", $"\"{ClusterDaemon.DefaultSocket}\"", "The socket of the node's daemon, cnipsd.", Since),
            .. HostLocalSchema.Requested,
            .. HostLocalSchema.RangesAtRuntime,
        ];
        return keys.ConvertAll(static key => key with { Since = Since });
    }
}
