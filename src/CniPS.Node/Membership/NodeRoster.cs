using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Node.Store;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using Etcdserverpb;
using Mvccpb;

namespace CniPS.Node.Membership;

/// <summary>All nodes, and taking one away.</summary>
internal sealed class NodeRoster(EtcdStore store, StoreKeys keys, NodeIdentity identity, TimeProvider clock)
{
    private const int BlocksAtOnce = 30; // etcd takes 128 operations in a transaction, unless it is told otherwise

    /// <summary>The nodes by name, with the blocks of each.</summary>
    internal async Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation)
    {
        Dictionary<string, List<ClusterBlock>> blocks = [];
        foreach (KeyValue owned in await store.ListAsync(keys.Owned, cancellation).ConfigureAwait(false))
        {
            (string node, string network, IpPrefix block) = keys.ReadOwned(owned.Key.ToStringUtf8());
            blocks.TryAdd(node, []);
            blocks[node].Add(new ClusterBlock(network, block, TimeOf(owned)));
        }

        HashSet<string> alive = [];
        foreach (KeyValue sign in await store.ListAsync(keys.Alive, cancellation, keysOnly: true).ConfigureAwait(false))
        {
            alive.Add(sign.Key.ToStringUtf8()[keys.Alive.Length..]);
        }

        List<ClusterNode> nodes = [];
        foreach (KeyValue node in await store.ListAsync(keys.Nodes, cancellation).ConfigureAwait(false))
        {
            string name = node.Key.ToStringUtf8()[keys.Nodes.Length..];
            bool lives = alive.Contains(name);
            nodes.Add(new ClusterNode(name, lives, lives ? clock.GetUtcNow() : StoreKeys.Time(node.Value.Memory, "seen"))
            {
                IsSelf = name == identity.Name,
                Blocks = blocks.TryGetValue(name, out List<ClusterBlock>? own) ? own : [],
            });
        }

        return nodes;
    }

    /// <summary>Takes a node away, and its blocks with it.</summary>
    /// <returns>The node, as it was.</returns>
    /// <exception cref="CniException">There is none, it is this one, or it is alive (<see cref="CniErrorIds.ClusterNodeRefused"/>).</exception>
    internal async Task<ClusterNode> RemoveAsync(string name, bool force, CancellationToken cancellation)
    {
        ClusterNode? node = null;
        foreach (ClusterNode one in await ListAsync(cancellation).ConfigureAwait(false))
        {
            node = one.Name == name ? one : node;
        }

        if (node is null)
        {
            throw Refused($"there is no node {name} in the cluster", "Get-CniNode shows the nodes.");
        }

        if (node.IsSelf)
        {
            throw Refused($"node {name} is the one that was asked", "Ask another node's cnipsd, after this one's was stopped.");
        }

        if (node.IsAlive && !force)
        {
            throw Refused($"node {name} is alive", "Stop its cnipsd and its containers first. Its blocks would be given to others, whatever containers it has.");
        }

        for (int i = 0; i < node.Blocks.Count; i += BlocksAtOnce)
        {
            TxnRequest request = new();
            for (int j = i; j < node.Blocks.Count && j < i + BlocksAtOnce; j++)
            {
                string owned = keys.OwnedBy(name, node.Blocks[j].Network, node.Blocks[j].Block);
                request.Compare.Add(Commit.IsThere(owned));
                request.Success.Add(Commit.Delete(owned));
                request.Success.Add(Commit.Delete(keys.BlockOf(node.Blocks[j].Network, node.Blocks[j].Block)));
            }

            if (!(await store.CommitAsync(request, cancellation).ConfigureAwait(false)).Succeeded)
            {
                throw Refused($"node {name} has given back blocks just now: it is at work", "Stop its cnipsd first, then try again.");
            }
        }

        await store.CommitAsync(new TxnRequest { Success = { Commit.Delete(keys.NodeOf(name)), Commit.Delete(keys.AliveOf(name)) } }, cancellation).ConfigureAwait(false);
        return node;
    }

    private static DateTimeOffset TimeOf(KeyValue owned) =>
        DateTimeOffset.Parse(owned.Value.ToStringUtf8(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static CniException Refused(string message, string action) =>
        new(CniErrorIds.ClusterNodeRefused, CniErrorCode.Internal, message) { RecommendedAction = action };
}
