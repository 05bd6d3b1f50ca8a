using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>What of a range set this node may give out: what lies in its blocks, without what is excluded.</summary>
internal static class BlockRanges
{
    /// <summary>The part of a range set that lies in the node's blocks; null where that is nothing.</summary>
    internal static RangeSet? Own(RangeSet set, NodeBlocks blocks, IReadOnlyList<IpPrefix> excluded)
    {
        List<AddressRange> own = [];
        foreach (HeldBlock held in blocks.Blocks)
        {
            foreach (AddressRange range in set.Ranges)
            {
                if (held.State == BlockState.Held && held.Block.Family == range.Subnet.Family)
                {
                    IpNumber first = Higher(range.Start, IpNumber.Of(held.Block.Address)), last = Lower(range.End, IpNumber.LastOf(held.Block));
                    AddPieces(own, range, first, last, excluded);
                }
            }
        }

        return own.Count == 0 ? null : new RangeSet(own);
    }

    /// <summary>A range set without what is excluded.</summary>
    internal static IReadOnlyList<AddressRange> Open(RangeSet set, IReadOnlyList<IpPrefix> excluded)
    {
        List<AddressRange> open = [];
        foreach (AddressRange range in set.Ranges)
        {
            AddPieces(open, range, range.Start, range.End, excluded);
        }

        return open;
    }

    /// <summary>Whether an address is excluded.</summary>
    internal static bool IsExcluded(IPAddress address, IReadOnlyList<IpPrefix> excluded)
    {
        foreach (IpPrefix prefix in excluded)
        {
            if (prefix.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    // Cuts the first exclusion that is met, and goes on with what is left and right of it.
    private static void AddPieces(List<AddressRange> pieces, AddressRange range, IpNumber first, IpNumber last, IReadOnlyList<IpPrefix> excluded)
    {
        if (first > last)
        {
            return;
        }

        foreach (IpPrefix prefix in excluded)
        {
            IpNumber from = IpNumber.Of(prefix.Network.Address), to = IpNumber.LastOf(prefix);
            if (prefix.Family == range.Subnet.Family && from <= last && first <= to)
            {
                if (first < from)
                {
                    AddPieces(pieces, range, first, from.Previous(), excluded);
                }

                if (to < last)
                {
                    AddPieces(pieces, range, to.Next(), last, excluded);
                }

                return;
            }
        }

        pieces.Add(AddressRange.Create(range.Subnet, first.ToAddress(range.Subnet.Family), last.ToAddress(range.Subnet.Family), range.Gateway));
    }

    private static IpNumber Higher(IpNumber a, IpNumber b) => a > b ? a : b;

    private static IpNumber Lower(IpNumber a, IpNumber b) => a < b ? a : b;
}
