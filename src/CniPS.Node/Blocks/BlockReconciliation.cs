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

/// <summary>
/// Makes store and copy agree: what the store lacks is claimed again, what it has as this node's and the copy lacks is taken up, and what it has as
/// another's is lost.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="keys">Its keys.</param>
/// <param name="claims">Claims blocks, and gives them back.</param>
/// <param name="copy">The node's copy.</param>
/// <param name="identity">The node.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Is told of what was not as it should be.</param>
internal sealed class BlockReconciliation(
    EtcdStore store, StoreKeys keys, BlockClaims claims, BlockCopy copy, NodeIdentity identity, TimeProvider clock, Action<string> log)
{
    /// <summary>Does it for all networks.</summary>
    /// <exception cref="CniException">The store is away.</exception>
    internal async Task RunAsync(CancellationToken cancellation)
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
                await AgreeAsync(network, held, owned.Remove((network, held.Block)), cancellation).ConfigureAwait(false);
            }
        }

        foreach ((string network, IpPrefix block) in owned)
        {
            copy.Put(copy.Read(network), new HeldBlock(block, clock.GetUtcNow()));
            log($"{network}: block {block} is this node's by the store: taken up");
        }
    }

    private async Task AgreeAsync(string network, HeldBlock held, bool isOwned, CancellationToken cancellation)
    {
        if (held.State == BlockState.Leaving)
        {
            await claims.LeaveAsync(copy, network, held.Block, cancellation).ConfigureAwait(false);
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
}
