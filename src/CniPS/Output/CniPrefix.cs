using System;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>
/// An address with the length of its subnet's prefix, <c>10.1.0.2/24</c>, or a subnet, as every object of the pipeline has it: compared with
/// plain text, in order by number.
/// </summary>
[TypeConverter(typeof(RevivedValueConverter))]
public sealed class CniPrefix : IEquatable<CniPrefix>, IComparable<CniPrefix>, IComparable
{
    private readonly IpPrefix _prefix;

    internal CniPrefix(IpPrefix prefix) => _prefix = prefix;

    /// <summary>The address alone.</summary>
    public string IPAddress => _prefix.Address.ToString();

    /// <summary>Bits of the network part.</summary>
    public int Length => _prefix.Length;

    /// <summary>Reads <c>address/length</c>: PowerShell compares a text with this type through it.</summary>
    /// <param name="text">The address and the length.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static CniPrefix Parse(string text) => new(IpPrefix.Parse(text));

    /// <summary>The same prefix; null for none.</summary>
    [return: NotNullIfNotNull(nameof(prefix))]
    internal static CniPrefix? Of(IpPrefix? prefix) => prefix is { } value ? new CniPrefix(value) : null;

    /// <summary>The same prefixes, in a list.</summary>
    internal static CniList<CniPrefix> ListOf(IpPrefix[] prefixes) => prefixes.Select(prefix => new CniPrefix(prefix)).ToCniList();

    /// <summary>As the parameters have it that take a subnet.</summary>
    public IpPrefix ToIpPrefix() => _prefix;

    /// <summary>As the parameters have it that take a subnet.</summary>
    /// <param name="prefix">The prefix.</param>
    public static implicit operator IpPrefix(CniPrefix prefix) => prefix?._prefix ?? default;

    /// <summary>Whether an address lies in the subnet.</summary>
    /// <param name="address">The address.</param>
    public bool Contains(System.Net.IPAddress address) => _prefix.Contains(address);

    /// <inheritdoc/>
    public bool Equals(CniPrefix? other) => other is not null && _prefix == other._prefix;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CniPrefix);

    /// <inheritdoc/>
    public override int GetHashCode() => _prefix.GetHashCode();

    /// <summary>By number: IPv4 before IPv6, 10.0.0.2 before 10.0.0.10, then the shorter prefix first.</summary>
    public int CompareTo(CniPrefix? other) => other is null ? 1 : _prefix.CompareTo(other._prefix);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is null or CniPrefix ? CompareTo((CniPrefix?)obj) : throw new ArgumentException("Not a prefix.", nameof(obj));

    /// <summary>The prefix as <c>10.15.20.2/24</c> or <c>fd00::2/64</c> (RFC 5952).</summary>
    public override string ToString() => _prefix.ToString();
}
