using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>
/// An address as every object of the pipeline has it: it is .NET's, is compared with plain text, and <c>Sort-Object</c> and <c>-lt</c> order it
/// by number. (.NET's own has no order, and PowerShell sorts it as text.)
/// </summary>
[TypeConverter(typeof(RevivedValueConverter))]
public sealed class CniIPAddress : IPAddress, IComparable<IPAddress>, IComparable
{
    internal CniIPAddress(IPAddress address)
        : base(address.GetAddressBytes())
    {
    }

    /// <summary>Reads an address: PowerShell compares a text with this type through it.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static new CniIPAddress Parse(string text) => new(IPAddress.Parse(text));

    /// <summary>
    /// The address as text. ConvertTo-Json takes .NET's own address apart, into numbers that no other tool reads: of an address that Select-Object has
    /// picked, this is what to read there.
    /// </summary>
    public string IPAddressToString => ToString();

    /// <summary>The same address, in order; null for none.</summary>
    [return: NotNullIfNotNull(nameof(address))]
    internal static CniIPAddress? Of(IPAddress? address) => address is null ? null : new CniIPAddress(address);

    /// <summary>IPv4 before IPv6, and by number.</summary>
    public int CompareTo(IPAddress? other) => other is null ? 1 : IpPrefix.Host(this).CompareTo(IpPrefix.Host(other));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null or IPAddress ? CompareTo((IPAddress?)obj) : throw new ArgumentException("Not an address.", nameof(obj));
}
