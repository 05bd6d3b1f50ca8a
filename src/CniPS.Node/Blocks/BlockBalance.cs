using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;

namespace CniPS.Node.Blocks;

/// <summary>A block that the node holds, and what of it is in use.</summary>
/// <param name="Block">The block.</param>
/// <param name="Used">The addresses of it that are given out.</param>
/// <param name="EmptyFor">How long it has been seen without any.</param>
internal readonly record struct BlockUse(IpPrefix Block, int Used, TimeSpan EmptyFor);

/// <summary>
/// Whether a node has more blocks of a network than it needs, or too few: a function of what is in use, that touches nothing. The next block is claimed
/// while the last one still has some free addresses, so that no ADD waits for the store; one that has been empty for a while goes back.
/// </summary>
/// <param name="GivenBack">The blocks that are not needed.</param>
/// <param name="Wanted">The ranges that are short of free addresses, each as the question for a block of them.</param>
internal sealed record BlockBalance(IReadOnlyList<IpPrefix> GivenBack, IReadOnlyList<ClusterQuestion> Wanted)
{
    /// <summary>How long a network's only block is kept warm, when nothing is in use any more.</summary>
    internal static readonly TimeSpan LastIsKept = TimeSpan.FromDays(1);

    private const int MostSpared = 64;

    /// <summary>Reckons.</summary>
    /// <param name="asked">The ranges that the network's plugin has asked for blocks of.</param>
    /// <param name="blocks">The blocks that the node holds, in the order in which they were claimed.</param>
    /// <param name="idle">How long an empty block is kept; zero: until it is given back by name.</param>
    /// <param name="spares">Whether some addresses are to be free at any time.</param>
    internal static BlockBalance Of(IReadOnlyList<ClusterQuestion> asked, IReadOnlyList<BlockUse> blocks, TimeSpan idle, bool spares)
    {
        List<IpPrefix> givenBack = [];
        List<ClusterQuestion> wanted = [];
        HashSet<IpPrefix> known = [];
        foreach (ClusterQuestion question in asked)
        {
            List<BlockUse> own = [];
            foreach (BlockUse use in blocks)
            {
                if (use.Block.Length == question.BlockSize && BlockPool.Fits(use.Block, question.Ranges) && known.Add(use.Block))
                {
                    own.Add(use);
                }
            }

            Weigh(question, own, idle, spares, givenBack, wanted);
        }

        foreach (BlockUse use in blocks)
        {
            if (!known.Contains(use.Block) && IsIdle(use, idle))
            {
                givenBack.Add(use.Block); // of ranges that nobody asks for any more
            }
        }

        return new BlockBalance(givenBack, wanted);
    }

    private static void Weigh(ClusterQuestion question, List<BlockUse> own, TimeSpan idle, bool spares, List<IpPrefix> givenBack, List<ClusterQuestion> wanted)
    {
        if (own.Count == 0)
        {
            return; // nobody was attached since: the next question brings one
        }

        long free = 0;
        foreach (BlockUse use in own)
        {
            free += Free(use, question);
        }

        int bits = own[0].Block.IsV6 ? 128 : 32;
        long spared = spares ? Math.Min(MostSpared, (1L << (bits - question.BlockSize)) / 4) : 0;
        if (free < spared)
        {
            wanted.Add(question);
            return;
        }

        // The newest first: the others are where the network's attachments are.
        int left = own.Count;
        for (int i = own.Count - 1; i >= 0; i--)
        {
            bool isNeeded = spares && (left == 1 ? own[i].EmptyFor < LastIsKept : free - Free(own[i], question) < spared);
            if (IsIdle(own[i], idle) && !isNeeded)
            {
                givenBack.Add(own[i].Block);
                free -= Free(own[i], question);
                left--;
            }
        }
    }

    private static bool IsIdle(BlockUse use, TimeSpan idle) => idle > TimeSpan.Zero && use.Used == 0 && use.EmptyFor >= idle;

    private static long Free(BlockUse use, ClusterQuestion question) => Math.Max(0, BlockPool.CountIn(use.Block, question.Ranges) - use.Used);
}
