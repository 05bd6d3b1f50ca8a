using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Route;
using CniPS.Node.Membership;
using CniPS.Node.Store;
using CniPS.Plugins.Ipam;
using CniPS.Spec;
using Mvccpb;

namespace CniPS.Node.Blocks;

/// <summary>The node's blocks, in the store and in its own copy: claimed in the store first, then written down, then told.</summary>
internal sealed class NodeBlockKeeper(EtcdStore store, StoreKeys keys, BlockClaims claims, BlockCopy copy, NodeIdentity identity, TimeProvider clock)
    : IDisposable
{
    private const int TriedAtOnce = 4;

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
            return question.Address is { } address
                ? await ClaimOfAsync(question, blocks, BlockPool.BlockOf(address, question.BlockSize), cancellation).ConfigureAwait(false)
                : Other(question, blocks) ?? await ClaimAnyAsync(question, blocks, cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <summary>The node's blocks, as its copy says.</summary>
    internal IReadOnlyList<ClusterBlock> List()
    {
        List<ClusterBlock> list = [];
        foreach (string network in copy.Networks())
        {
            NodeBlocks blocks = copy.Read(network);
            foreach (HeldBlock held in blocks.Blocks)
            {
                list.Add(new ClusterBlock(network, held.Block, held.Since)
                {
                    State = NodeBlocks.NameOf(held.State), Owner = held.Owner, Used = copy.CountUsed(blocks, held.Block),
                });
            }
        }

        return list;
    }

    /// <summary>Gives an empty block back.</summary>
    /// <exception cref="CniException">It is not this node's, or in use; or the store is away: then it goes as soon as it is there.</exception>
    internal Task ReleaseAsync(string network, IpPrefix block, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            HeldBlock? held = null;
            foreach (HeldBlock one in copy.Read(network).Blocks)
            {
                held = one.Block == block && one.State != BlockState.Lost ? one : held;
            }

            if (held is null)
            {
                throw Unavailable($"block {block} of {network} is not this node's", "cnipsd's BLOCKS shows those that are.");
            }

            if (!copy.TryLeave(network, held, cancellation))
            {
                throw Unavailable($"addresses of block {block} of {network} are given out", "Remove the attachments that have them (Get-CniLease).");
            }

            await LeaveAsync(network, block, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    /// <summary>
    /// Makes store and copy agree: what the store lacks is claimed again, what it has as this node's and the copy lacks is taken up, and what it has as
    /// another's is lost.
    /// </summary>
    /// <param name="log">Is told of what was not as it should be.</param>
    /// <param name="cancellation">Ends it.</param>
    internal Task ReconcileAsync(Action<string> log, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            HashSet<(string, IpPrefix)> owned = [];
            foreach (KeyValue own in await store.ListAsync(keys.OwnedBy(identity.Name), cancellation, keysOnly: true).ConfigureAwait(false))
            {
                (_, string network, IpPrefix block) = keys.ReadOwned(own.Key.ToStringUtf8());
                owned.Add((network, block));
            }

            foreach (string network in copy.Networks())
            {
                foreach (HeldBlock held in copy.Read(network).Blocks)
                {
                    await ReconcileAsync(network, held, owned.Remove((network, held.Block)), log, cancellation).ConfigureAwait(false);
                }
            }

            foreach ((string network, IpPrefix block) in owned)
            {
                copy.Put(copy.Read(network), new HeldBlock(block, clock.GetUtcNow()));
                log($"{network}: block {block} is this node's by the store: taken up");
            }

            return true;
        },
        cancellation);

    public void Dispose() => _turn.Dispose();

    private async Task ReconcileAsync(string network, HeldBlock held, bool isOwned, Action<string> log, CancellationToken cancellation)
    {
        if (held.State == BlockState.Leaving)
        {
            await LeaveAsync(network, held.Block, cancellation).ConfigureAwait(false);
            return;
        }

        string owner = isOwned ? identity.Name : await claims.ClaimAsync(network, held.Block, isNew: false, cancellation).ConfigureAwait(false);
        NodeBlocks blocks = copy.Read(network);
        if (owner == identity.Name)
        {
            if (!isOwned || held.State == BlockState.Lost)
            {
                copy.Put(blocks, held with { State = BlockState.Held, Owner = null });
                log($"{network}: block {held.Block} was missing in the store, and is claimed again");
            }
        }
        else if (held.State == BlockState.Lost && copy.CountUsed(blocks, held.Block) == 0)
        {
            copy.Remove(blocks, held.Block);
            log($"{network}: block {held.Block} is {owner}'s, and none of its addresses is in use here any more: forgotten");
        }
        else if (held.State != BlockState.Lost || held.Owner != owner)
        {
            copy.Put(blocks, held with { State = BlockState.Lost, Owner = owner });
            log($"{network}: CONFLICT: block {held.Block}, of which {copy.CountUsed(blocks, held.Block)} addresses are in use here, is {owner}'s by the store: "
                + "no more are given out here. Remove the attachments that have them.");
        }
    }

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

        string owner = await TryClaimAsync(blocks, block, cancellation).ConfigureAwait(false);
        return owner == identity.Name ? block
            : throw Unavailable($"{question.Address} lies in block {block}, which node {owner} has", "Ask for another address, or on that node.");
    }

    private async Task<IpPrefix> ClaimAnyAsync(ClusterQuestion question, NodeBlocks blocks, CancellationToken cancellation)
    {
        BlockPool pool = new(question.Ranges, question.BlockSize);
        HashSet<string>? taken = null;
        int tried = 0;
        foreach (IpPrefix block in pool.From(identity.Id))
        {
            // Full, given back, or lost: all of them are in the copy.
            if (blocks.Find(block.Address) is not null || taken?.Contains(keys.BlockOf(question.Network, block)) == true)
            {
                continue;
            }

            if (++tried > TriedAtOnce && taken is null)
            {
                taken = await TakenAsync(question.Network, block.IsV6, cancellation).ConfigureAwait(false);
                if (taken.Contains(keys.BlockOf(question.Network, block)))
                {
                    continue;
                }
            }

            if (await TryClaimAsync(blocks, block, cancellation).ConfigureAwait(false) == identity.Name)
            {
                return block;
            }
        }

        throw Unavailable(
            $"no block of {question.Network} is free: its ranges are given to the nodes of the cluster",
            "Get-CniNode shows who has them. Remove nodes that are gone (Remove-CniNode), or give the network more ranges.");
    }

    private async Task<HashSet<string>> TakenAsync(string network, bool v6, CancellationToken cancellation)
    {
        HashSet<string> taken = [];
        foreach (KeyValue block in await store.ListAsync(keys.BlocksOf(network, v6), cancellation, keysOnly: true).ConfigureAwait(false))
        {
            taken.Add(block.Key.ToStringUtf8());
        }

        return taken;
    }

    private async Task<string> TryClaimAsync(NodeBlocks blocks, IpPrefix block, CancellationToken cancellation)
    {
        if (store.WentBack)
        {
            throw BlockClaims.Settling();
        }

        string owner = await claims.ClaimAsync(blocks.Network, block, isNew: true, cancellation).ConfigureAwait(false);
        if (owner == identity.Name)
        {
            if (store.WentBack)
            {
                // This very answer tells it: the block may be another's that has not claimed it again yet.
                await claims.ReleaseAsync(blocks.Network, block, cancellation).ConfigureAwait(false);
                throw BlockClaims.Settling();
            }

            copy.Put(blocks, new HeldBlock(block, clock.GetUtcNow()));
        }

        return owner;
    }

    private async Task LeaveAsync(string network, IpPrefix block, CancellationToken cancellation)
    {
        await claims.ReleaseAsync(network, block, cancellation).ConfigureAwait(false);
        copy.Remove(copy.Read(network), block);
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
