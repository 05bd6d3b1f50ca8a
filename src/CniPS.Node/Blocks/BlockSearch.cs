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

/// <summary>Looks for a block that is nobody's, and claims it: in the store first, then it is written down.</summary>
internal sealed class BlockSearch(EtcdStore store, StoreKeys keys, BlockClaims claims, BlockCopy copy, NodeIdentity identity, TimeProvider clock)
{
    private const int TriedAtOnce = 4;

    /// <summary>Claims a block that is not this node's yet.</summary>
    /// <returns>The node that has it by now.</returns>
    /// <exception cref="CniException">The store is away, or new blocks are not to be had just now.</exception>
    internal async Task<string> ClaimAsync(NodeBlocks blocks, IpPrefix block, CancellationToken cancellation)
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

    /// <summary>Claims any block that has addresses of the ranges.</summary>
    /// <param name="question">The ranges.</param>
    /// <param name="blocks">What the node has.</param>
    /// <param name="isUrgent">Whether all blocks are gone through; else, where a few are taken, there is none to spare.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The block; null where there is none.</returns>
    /// <exception cref="CniException">The store is away, or new blocks are not to be had just now.</exception>
    internal async Task<IpPrefix?> ClaimAnyAsync(ClusterQuestion question, NodeBlocks blocks, bool isUrgent, CancellationToken cancellation)
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

            if (++tried > TriedAtOnce && !isUrgent)
            {
                return null;
            }

            if (tried > TriedAtOnce && taken is null)
            {
                taken = await TakenAsync(question.Network, block.IsV6, cancellation).ConfigureAwait(false);
                if (taken.Contains(keys.BlockOf(question.Network, block)))
                {
                    continue;
                }
            }

            if (await ClaimAsync(blocks, block, cancellation).ConfigureAwait(false) == identity.Name)
            {
                return block;
            }
        }

        return null;
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
}
