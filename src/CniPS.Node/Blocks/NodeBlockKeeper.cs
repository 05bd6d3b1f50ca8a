using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Node.Blocks;

/// <summary>The node's blocks, in the store and in its own copy: claimed in the store first, then written down, then told.</summary>
/// <param name="search">Claims new ones.</param>
/// <param name="claims">Gives them back.</param>
/// <param name="reconciliation">Makes store and copy agree.</param>
/// <param name="upkeep">Keeps as many as are needed.</param>
/// <param name="copy">The node's copy.</param>
/// <param name="node">The node's name.</param>
internal sealed class NodeBlockKeeper(
    BlockSearch search, BlockClaims claims, BlockReconciliation reconciliation, BlockUpkeep upkeep, BlockCopy copy, string node) : IDisposable
{
    // One at a time: two plugins that lack a block at the same moment are to get the same one.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A block of the node's for a plugin that has none with a free address.</summary>
    /// <exception cref="CniException">There is none to be had.</exception>
    internal Task<IpPrefix> GetAsync(ClusterQuestion question, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            CniNames.ValidateNetworkName(question.Network);
            NodeBlocks blocks = copy.Read(question.Network);
            if (blocks.DataFolder.Length > 0 && blocks.DataFolder != question.DataFolder)
            {
                throw Unavailable($"this node's addresses of {question.Network} are kept in {blocks.DataFolder}, not in {question.DataFolder}", "Set \"dataDir\" to that.");
            }

            blocks = blocks with { DataFolder = question.DataFolder };
            IpPrefix block = question.Address is { } address
                ? await ClaimOfAsync(question, blocks, BlockPool.BlockOf(address, question.BlockSize), cancellation).ConfigureAwait(false)
                : Other(question, blocks) ?? await search.ClaimAnyAsync(question, blocks, isUrgent: true, cancellation).ConfigureAwait(false) ?? throw Unavailable(
                    $"no block of {question.Network} is free: its ranges are given to the nodes of the cluster",
                    "Get-CniNode shows who has them. Remove nodes that are gone (Remove-CniNode), or give the network more ranges.");
            upkeep.Note(question);
            return block;
        },
        cancellation);

    /// <summary>The node's blocks, as its copy says.</summary>
    internal IReadOnlyList<ClusterBlock> List()
    {
        List<ClusterBlock> list = [];
        foreach (string network in copy.Networks())
        {
            NodeBlocks blocks = copy.Read(network);
            IReadOnlyDictionary<IpPrefix, int> used = copy.CountUsed(blocks);
            foreach (HeldBlock held in blocks.Blocks)
            {
                list.Add(new ClusterBlock(network, held.Block, held.Since) { State = NodeBlocks.NameOf(held.State), Owner = held.Owner, Used = used[held.Block] });
            }
        }

        return list;
    }

    /// <summary>Gives an empty block back.</summary>
    /// <exception cref="CniException">It is not this node's, or in use; or the store is away: then it goes as soon as it is there.</exception>
    internal Task ReleaseAsync(string network, IpPrefix block, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            bool isOwn = false;
            foreach (HeldBlock one in copy.Read(network).Blocks)
            {
                isOwn |= one.Block == block && one.State != BlockState.Lost;
            }

            if (!isOwn)
            {
                throw Unavailable($"block {block} of {network} is not this node's", "cnipsd's BLOCKS shows those that are.");
            }

            if (!copy.TryLeave(network, block, cancellation))
            {
                throw Unavailable($"addresses of block {block} of {network} are given out", "Remove the attachments that have them (Get-CniLease).");
            }

            await claims.LeaveAsync(copy, network, block, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <inheritdoc cref="BlockReconciliation.RunAsync"/>
    internal Task ReconcileAsync(CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            await reconciliation.RunAsync(cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <inheritdoc cref="BlockUpkeep.RunAsync"/>
    internal Task KeepUpAsync(CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            await upkeep.RunAsync(cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    public void Dispose() => _turn.Dispose();

    // Another question has brought one in the meantime.
    private static IpPrefix? Other(ClusterQuestion question, NodeBlocks blocks)
    {
        foreach (HeldBlock held in blocks.Blocks)
        {
            if (held.State == BlockState.Held && held.Block.Length == question.BlockSize && BlockPool.Fits(held.Block, question.Ranges)
                && !Contains(question.Full, held.Block))
            {
                return held.Block;
            }
        }

        return null;
    }

    private async Task<IpPrefix> ClaimOfAsync(ClusterQuestion question, NodeBlocks blocks, IpPrefix block, CancellationToken cancellation)
    {
        if (blocks.Find(question.Address!) is { State: BlockState.Held } held)
        {
            return held.Block;
        }

        string owner = await search.ClaimAsync(blocks, block, cancellation).ConfigureAwait(false);
        return owner == node ? block
            : throw Unavailable($"{question.Address} lies in block {block}, which node {owner} has", "Ask for another address, or on that node.");
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static bool Contains(IReadOnlyList<IpPrefix> list, IpPrefix block)
    {
        foreach (IpPrefix one in list)
        {
            if (one == block)
            {
                return true;
            }
        }

        return false;
    }

    private static CniException Unavailable(string message, string action) =>
        new(CniErrorIds.AddressUnavailable, CniErrorCode.Internal, message) { RecommendedAction = action };
}
