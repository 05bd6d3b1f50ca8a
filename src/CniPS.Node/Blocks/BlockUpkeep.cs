using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Files;
using CniPS.Linux.Route;
using CniPS.Node.Options;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Node.Blocks;

/// <summary>Keeps as many blocks as the node needs: gives back those that have been empty for a while, and claims the next one ahead.</summary>
/// <param name="search">Claims new ones.</param>
/// <param name="claims">Gives them back.</param>
/// <param name="copy">The node's copy.</param>
/// <param name="asked">The ranges that blocks were asked of.</param>
/// <param name="settings">How long empty ones are kept, and whether one is kept ahead.</param>
/// <param name="clock">Measures how long a block has been empty: by a clock that nobody sets.</param>
/// <param name="log">Is told.</param>
internal sealed class BlockUpkeep(
    BlockSearch search, BlockClaims claims, BlockCopy copy, AskedRanges asked, NodeSettings settings, TimeProvider clock, Action<string> log)
{
    private readonly Dictionary<(string Network, IpPrefix Block), long> _emptySince = [];

    /// <summary>Notes which ranges a network's plugin asks for blocks of.</summary>
    internal void Note(ClusterQuestion question) => asked.Note(question);

    /// <summary>Looks at all networks.</summary>
    /// <exception cref="CniException">The store is away: a block that was to be given back goes when it is there.</exception>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        Dictionary<(string, IpPrefix), long> before = new(_emptySince);
        _emptySince.Clear();
        foreach (string network in copy.Networks())
        {
            NodeBlocks blocks = copy.Read(network);
            if (!copy.KnowsUse(blocks))
            {
                continue;
            }

            BlockBalance balance = BlockBalance.Of(asked.Of(network), Look(blocks, before), settings.Idle, settings.Spares);
            foreach (IpPrefix block in balance.GivenBack)
            {
                await GiveBackAsync(network, block, cancellation).ConfigureAwait(false);
            }

            foreach (ClusterQuestion question in balance.Wanted)
            {
                await ClaimAheadAsync(question, cancellation).ConfigureAwait(false);
            }
        }
    }

    private List<BlockUse> Look(NodeBlocks blocks, Dictionary<(string, IpPrefix), long> before)
    {
        long now = clock.GetTimestamp();
        IReadOnlyDictionary<IpPrefix, int> used = copy.CountUsed(blocks);
        List<BlockUse> uses = [];
        foreach (HeldBlock held in blocks.Blocks)
        {
            if (held.State != BlockState.Held)
            {
                continue;
            }

            if (used[held.Block] == 0)
            {
                _emptySince[(blocks.Network, held.Block)] = before.TryGetValue((blocks.Network, held.Block), out long since) ? since : now;
            }

            uses.Add(new BlockUse(
                held.Block, used[held.Block], used[held.Block] == 0 ? clock.GetElapsedTime(_emptySince[(blocks.Network, held.Block)], now) : TimeSpan.Zero));
        }

        return uses;
    }

    private async Task GiveBackAsync(string network, IpPrefix block, CancellationToken cancellation)
    {
        try
        {
            if (!copy.TryLeave(network, block, cancellation))
            {
                return; // taken just now
            }
        }
        catch (LockHeldException)
        {
            return; // much is going on: it is looked at again
        }

        await claims.LeaveAsync(copy, network, block, cancellation).ConfigureAwait(false);
        log($"{network}: block {block} was not needed any more, and is given back");
    }

    private async Task ClaimAheadAsync(ClusterQuestion question, CancellationToken cancellation)
    {
        if (await search.ClaimAnyAsync(question, copy.Read(question.Network), isUrgent: false, cancellation).ConfigureAwait(false) is { } block)
        {
            log($"{question.Network}: block {block} is claimed ahead");
        }
    }
}
