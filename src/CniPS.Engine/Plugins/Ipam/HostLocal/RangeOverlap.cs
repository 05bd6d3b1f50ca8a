using System;
using System.Collections.Generic;
using System.Net.Sockets;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>Ranges that share no address, in order, so that the first one that does share some is found at once, however many there are.</summary>
internal sealed class RangeOverlap
{
    private readonly List<(IpNumber Start, IpNumber End)> _v4 = [], _v6 = [];

    /// <summary>Takes a range in, unless it shares an address with one that was taken in before.</summary>
    /// <returns>Whether it was taken in.</returns>
    internal bool TryAdd(AddressRange range)
    {
        List<(IpNumber Start, IpNumber End)> taken = range.Subnet.Family == AddressFamily.InterNetwork ? _v4 : _v6;
        int next = taken.BinarySearch((range.Start, range.End), s_byStart);
        next = next < 0 ? ~next : next;
        if ((next < taken.Count && taken[next].Start <= range.End) || (next > 0 && range.Start <= taken[next - 1].End))
        {
            return false;
        }

        taken.Insert(next, (range.Start, range.End));
        return true;
    }

    private static readonly Comparer<(IpNumber Start, IpNumber End)> s_byStart =
        Comparer<(IpNumber Start, IpNumber End)>.Create(static (a, b) => a.Start.CompareTo(b.Start));
}
