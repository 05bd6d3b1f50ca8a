using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>Ranges of which an attachment gets one address.</summary>
internal sealed class RangeSet
{
    internal RangeSet(IReadOnlyList<AddressRange> ranges)
    {
        if (ranges.Count == 0)
        {
            throw new FormatException("empty range set");
        }

        RangeOverlap taken = new();
        for (int i = 0; i < ranges.Count; i++)
        {
            bool isFree = taken.TryAdd(ranges[i]);
            if (ranges[i].Subnet.Family != ranges[0].Subnet.Family)
            {
                throw new FormatException("mixed address families");
            }

            for (int j = 0; !isFree && j < i; j++)
            {
                if (ranges[i].Overlaps(ranges[j]))
                {
                    throw new FormatException($"subnets {ranges[j]} and {ranges[i]} overlap");
                }
            }
        }

        Ranges = ranges;
    }

    internal IReadOnlyList<AddressRange> Ranges { get; }

    internal AddressRange? Find(IPAddress address)
    {
        foreach (AddressRange range in Ranges)
        {
            if (range.Contains(address))
            {
                return range;
            }
        }

        return null;
    }

    internal bool Overlaps(RangeSet other)
    {
        foreach (AddressRange a in Ranges)
        {
            foreach (AddressRange b in other.Ranges)
            {
                if (a.Overlaps(b))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Every address once, gateways left out, from behind the last one given out, so that a freed one rests as long as possible.
    /// </summary>
    internal IEnumerable<(IPAddress Address, AddressRange Range)> RoundFrom(IPAddress? last)
    {
        int first = 0;
        IpNumber? after = null;
        for (int i = 0; last is not null && i < Ranges.Count; i++)
        {
            if (Ranges[i].Contains(last))
            {
                first = i;
                after = IpNumber.Of(last);
            }
        }

        if (after is { } mark)
        {
            foreach (var candidate in Walk(Ranges[first], mark.Next(), Ranges[first].End))
            {
                yield return candidate;
            }

            for (int i = 1; i < Ranges.Count; i++)
            {
                AddressRange range = Ranges[(first + i) % Ranges.Count];
                foreach (var candidate in Walk(range, range.Start, range.End))
                {
                    yield return candidate;
                }
            }

            foreach (var candidate in Walk(Ranges[first], Ranges[first].Start, mark))
            {
                yield return candidate;
            }
        }
        else
        {
            foreach (AddressRange range in Ranges)
            {
                foreach (var candidate in Walk(range, range.Start, range.End))
                {
                    yield return candidate;
                }
            }
        }
    }

    private static IEnumerable<(IPAddress Address, AddressRange Range)> Walk(AddressRange range, IpNumber from, IpNumber to)
    {
        for (IpNumber number = from; number <= to; number = number.Next())
        {
            IPAddress address = number.ToAddress(range.Subnet.Family);
            if (!address.Equals(range.Gateway))
            {
                yield return (address, range);
            }

            if (number == to)
            {
                yield break; // the highest address of all has none behind it
            }
        }
    }

    public override string ToString()
    {
        string[] texts = new string[Ranges.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Ranges[i].ToString();
        }

        return string.Join(",", texts);
    }
}
