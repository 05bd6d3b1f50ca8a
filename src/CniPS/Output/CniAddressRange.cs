using System;
using System.Numerics;
using CniPS.Facts;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Neighbouring addresses that host-local can still give out.</summary>
public sealed class CniAddressRange : IComparable<CniAddressRange>, IComparable
{
    internal CniAddressRange(FreeAddresses free)
    {
        Network = free.Network;
        RangeSet = free.RangeSet;
        Free = free;
        AddressCount = free.Count;
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The range set, from 0: an attachment gets one address of each.</summary>
    public int RangeSet { get; }

    /// <summary>The range's subnet.</summary>
    public string Subnet => Free.Subnet.ToString();

    /// <summary>The lowest address.</summary>
    public string First => Free.First.ToString();

    /// <summary>The highest address.</summary>
    public string Last => Free.Last.ToString();

    /// <summary>How many addresses they are. (It can't be called Count: every array has a property of that name, which would hide it.)</summary>
    public BigInteger AddressCount { get; }

    /// <summary>The range.</summary>
    internal FreeAddresses Free { get; }

    /// <summary>By network, then by the lowest address, as numbers.</summary>
    public int CompareTo(CniAddressRange? other) => other is null ? 1
        : Order.Of((Network, other.Network)) is not 0 and int order ? order
        : IpPrefix.Host(Free.First).CompareTo(IpPrefix.Host(other.Free.First));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The lowest and the highest.</summary>
    public override string ToString() => $"{First}-{Last}";
}
