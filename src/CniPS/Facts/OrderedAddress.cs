using System;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Facts;

/// <summary>An address that <c>Sort-Object</c> and <c>-lt</c> compare by number: .NET's own has no order, and PowerShell sorts it as text.</summary>
public sealed class OrderedAddress : IPAddress, IComparable<IPAddress>, IComparable
{
    internal OrderedAddress(IPAddress address)
        : base(address.GetAddressBytes())
    {
    }

    /// <summary>Reads an address: PowerShell compares a text with this type through it.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static new OrderedAddress Parse(string text) => new(IPAddress.Parse(text));

    /// <summary>IPv4 before IPv6, and by number.</summary>
    public int CompareTo(IPAddress? other) => other is null ? 1 : IpPrefix.Host(this).CompareTo(IpPrefix.Host(other));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null or IPAddress ? CompareTo((IPAddress?)obj) : throw new ArgumentException("Not an address.", nameof(obj));
}
