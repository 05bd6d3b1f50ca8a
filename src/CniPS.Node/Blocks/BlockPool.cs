using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Plugins;

namespace CniPS.Node.Blocks;

/// <summary>The blocks that ranges of addresses are made of.</summary>
internal sealed class BlockPool
{
    private const ulong MostOfRange = 1 << 20; // of a /64, say, the first million

    private readonly List<(IpNumber First, ulong Count)> _runs = [];
    private readonly int _size;
    private readonly bool _v6;
    private readonly ulong _total;

    /// <summary>Reckons with ranges.</summary>
    /// <param name="ranges">First and last address of each; of one family.</param>
    /// <param name="size">The blocks' prefix length.</param>
    internal BlockPool(IReadOnlyList<(IPAddress First, IPAddress Last)> ranges, int size)
    {
        _size = size;
        foreach ((IPAddress first, IPAddress last) in ranges)
        {
            _v6 = first.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            IpNumber from = IpNumber.Of(BlockOf(first, size).Address), to = IpNumber.Of(BlockOf(last, size).Address);
            ulong count = from.High == to.High ? Math.Min(((to.Low - from.Low) >> Shift) + 1, MostOfRange) : MostOfRange;
            _runs.Add((from, count));
            _total += count;
        }
    }

    private int Shift => (_v6 ? 128 : 32) - _size;

    /// <summary>The block that an address lies in.</summary>
    internal static IpPrefix BlockOf(IPAddress address, int size) => new IpPrefix(address, size).Network;

    /// <summary>Whether a block has an address of the ranges.</summary>
    internal static bool Fits(IpPrefix block, IReadOnlyList<(IPAddress First, IPAddress Last)> ranges)
    {
        IpNumber from = IpNumber.Of(block.Address), to = IpNumber.LastOf(block);
        foreach ((IPAddress first, IPAddress last) in ranges)
        {
            if (first.AddressFamily == block.Family && IpNumber.Of(first) <= to && from <= IpNumber.Of(last))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many addresses of ranges lie in a block.</summary>
    internal static long CountIn(IpPrefix block, IReadOnlyList<(IPAddress First, IPAddress Last)> ranges)
    {
        IpNumber from = IpNumber.Of(block.Address), to = IpNumber.LastOf(block);
        long count = 0;
        foreach ((IPAddress first, IPAddress last) in ranges)
        {
            IpNumber low = IpNumber.Of(first) > from ? IpNumber.Of(first) : from, high = IpNumber.Of(last) < to ? IpNumber.Of(last) : to;
            count += first.AddressFamily == block.Family && low <= high ? (long)(high.Low - low.Low) + 1 : 0; // a block's addresses differ in the lower half
        }

        return count;
    }

    /// <summary>Every block once, from a place that differs from node to node, so that nodes seldom want the same one.</summary>
    internal IEnumerable<IpPrefix> From(string node)
    {
        HashSet<IpPrefix> seen = []; // pieces of ranges may share a block
        ulong start = StableHash.Of(node) % Math.Max(_total, 1);
        for (ulong i = 0; i < _total; i++)
        {
            IpPrefix block = At((start + i) % _total);
            if (seen.Add(block))
            {
                yield return block;
            }
        }
    }

    private IpPrefix At(ulong index)
    {
        foreach ((IpNumber first, ulong count) in _runs)
        {
            if (index < count)
            {
                return new IpPrefix(Plus(first, index).ToAddress(_v6 ? System.Net.Sockets.AddressFamily.InterNetworkV6 : System.Net.Sockets.AddressFamily.InterNetwork), _size);
            }

            index -= count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    // A block has at most 65,536 addresses, and a range counts a million of them.
    private IpNumber Plus(IpNumber first, ulong blocks)
    {
        ulong low = first.Low + (blocks << Shift);
        return new IpNumber(low < first.Low ? first.High + 1 : first.High, low);
    }
}
