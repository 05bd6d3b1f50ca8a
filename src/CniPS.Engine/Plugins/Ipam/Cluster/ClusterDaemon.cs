using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The node's daemon, cnipsd, as its clients see it: a socket. It alone talks to the cluster's store.</summary>
public static class ClusterDaemon
{
    /// <summary>Where it listens where nothing else is said.</summary>
    public const string DefaultSocket = "/run/cni/cnipsd.sock";

    /// <summary>The nodes of the cluster, and the blocks that each has.</summary>
    /// <param name="path">The daemon's socket.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CniException">
    /// There is no daemon (<see cref="CniErrorIds.ClusterDaemonUnavailable"/>), or it can't reach the store (<see cref="CniErrorIds.ClusterStoreUnavailable"/>).
    /// </exception>
    public static IReadOnlyList<ClusterNode> Nodes(string path, CancellationToken cancellation = default) =>
        Ask(path, new ClusterQuestion { Command = "NODES" }.ToLine(), null, cancellation).Nodes ?? [];

    /// <summary>Takes away a node that is gone for good: its blocks can be claimed by others from now on.</summary>
    /// <param name="path">The daemon's socket.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="force">Also one that was heard of just now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The node, as it was.</returns>
    /// <exception cref="CniException">As <see cref="Nodes"/>; or there is none of that name, or it is alive (<see cref="CniErrorIds.ClusterNodeRefused"/>).</exception>
    public static ClusterNode Remove(string path, string node, bool force = false, CancellationToken cancellation = default) =>
        Ask(path, new ClusterQuestion { Command = "REMOVE", Node = node, Force = force }.ToLine(), null, cancellation).Nodes is [{ } removed, ..]
            ? removed
            : throw Unavailable(path, $"cnipsd at {path} does not say what it removed", null);

    /// <summary>The blocks that this node has, also while the store is away.</summary>
    /// <param name="path">The daemon's socket.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CniException">There is no daemon (<see cref="CniErrorIds.ClusterDaemonUnavailable"/>).</exception>
    public static IReadOnlyList<ClusterBlock> Blocks(string path, CancellationToken cancellation = default) =>
        Ask(path, new ClusterQuestion { Command = "BLOCKS" }.ToLine(), null, cancellation).Blocks ?? [];

    /// <summary>Gives a block of this node back, in which no address is given out.</summary>
    /// <param name="path">The daemon's socket.</param>
    /// <param name="network">The network.</param>
    /// <param name="block">The block.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CniException">As <see cref="Nodes"/>; or the block is not this node's, or in use (<see cref="CniErrorIds.AddressUnavailable"/>).</exception>
    public static void Release(string path, string network, IpPrefix block, CancellationToken cancellation = default) =>
        Ask(path, new ClusterQuestion { Command = "RELEASE", Network = network, Block = block }.ToLine(), null, cancellation);

    /// <summary>Asks, and waits for the answer.</summary>
    internal static ClusterAnswer Ask(string path, ReadOnlyMemory<byte> line, Action? waiting, CancellationToken cancellation)
    {
        try
        {
            return ClusterAnswer.Parse(DaemonLine.Exchange(path, line, waiting, cancellation), path);
        }
        catch (LinuxException e)
        {
            throw Unavailable(path, $"error asking cnipsd: {e.Message}", e);
        }
    }

    internal static CniException Unavailable(string path, string message, Exception? cause) =>
        new(CniErrorIds.ClusterDaemonUnavailable, CniErrorCode.PluginNotAvailable, message, innerException: cause)
        {
            Target = path,
            RecommendedAction = "Start it: systemctl start cnipsd.",
        };
}
