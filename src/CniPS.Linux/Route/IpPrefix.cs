using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>
/// An address with a prefix length, as in <c>10.15.20.2/24</c>. Host bits are kept, so it serves for the address of an interface
/// as well as for a subnet (<see cref="Network"/> clears them).
/// </summary>
public readonly struct IpPrefix : IEquatable<IpPrefix>, IComparable<IpPrefix>, IComparable
{
    private readonly IPAddress? _address;

    /// <summary>Makes a prefix.</summary>
    /// <param name="address">The address; an IPv4-mapped one must have been mapped to IPv4 before.</param>
    /// <param name="length">Bits of the network part, 0 to 32 or 128.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length does not fit the address family.</exception>
    public IpPrefix(IPAddress address, int length)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, IpText.Bits(address.AddressFamily));
        _address = address;
        Length = length;
    }

    /// <summary>What the kernel has listed.</summary>
    /// <exception cref="LinuxException">The length does not fit the address family.</exception>
    internal static IpPrefix OfKernel(IPAddress address, int length) =>
        length <= IpText.Bits(address.AddressFamily) ? new IpPrefix(address, length) : throw NetlinkMessage.Malformed();

    /// <summary>The address, host bits included.</summary>
    public IPAddress Address => _address ?? IPAddress.Any;

    /// <summary>Bits of the network part.</summary>
    public int Length { get; }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => Address.AddressFamily;

    /// <summary>Whether this is IPv6.</summary>
    public bool IsV6 => Family == AddressFamily.InterNetworkV6;

    /// <summary>The subnet: the same prefix with the host bits cleared.</summary>
    public IpPrefix Network
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Address.TryWriteBytes(bytes, out int n);
            for (int i = 0; i < n; i++)
            {
                int keep = Math.Clamp(Length - (i * 8), 0, 8);
                bytes[i] &= (byte)(0xff << (8 - keep));
            }

            return new IpPrefix(new IPAddress(bytes[..n]), Length);
        }
    }

    /// <summary>The default route's destination of a family: <c>0.0.0.0/0</c> or <c>::/0</c>.</summary>
    public static IpPrefix Default(AddressFamily family) =>
        new(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);

    /// <summary>An address alone: <c>/32</c> or <c>/128</c>.</summary>
    public static IpPrefix Host(IPAddress address) => new(address, IpText.Bits(address.AddressFamily));

    /// <summary>Reads <c>address/length</c>; a missing length, a dotted mask, a zone or a leading zero is refused.</summary>
    /// <param name="text">The text.</param>
    /// <param name="prefix">The prefix, if the text is one. <c>::ffff:10.0.0.1/120</c> gives <c>10.0.0.1/24</c>.</param>
    /// <returns>Whether the text is a prefix.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpPrefix prefix)
    {
        prefix = default;
        int slash = text?.IndexOf('/') ?? -1;
        if (slash < 0)
        {
            return false;
        }

        ReadOnlySpan<char> length = text.AsSpan(slash + 1);
        if (!IpText.TryParse(text.AsSpan(0, slash), out IPAddress? address)
            || length.IsEmpty || length.Length > 3
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bits))
        {
            return false;
        }

        bool mapped = address.AddressFamily == AddressFamily.InterNetwork && text.AsSpan(0, slash).Contains(':');
        if (mapped)
        {
            bits -= 96;
        }

        if (bits < 0 || bits > IpText.Bits(address.AddressFamily))
        {
            return false;
        }

        prefix = new IpPrefix(address, bits);
        return true;
    }

    /// <summary>Reads <c>address/length</c>.</summary>
    /// <exception cref="FormatException">The text is not a prefix.</exception>
    public static IpPrefix Parse(string text) =>
        TryParse(text, out IpPrefix prefix) ? prefix : throw new FormatException($"invalid CIDR address: {text}");

    /// <summary>Whether an address of the same family lies in this subnet.</summary>
    public bool Contains(IPAddress address) =>
        address.AddressFamily == Family && new IpPrefix(address, Length).Network.Address.Equals(Network.Address);

    /// <summary>Whether two subnets share an address.</summary>
    public bool Overlaps(IpPrefix other) => Length <= other.Length ? Contains(other.Address) : other.Contains(Address);

    /// <inheritdoc/>
    public bool Equals(IpPrefix other) => Length == other.Length && Address.Equals(other.Address);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpPrefix other && Equals(other);

    /// <summary>By number: IPv4 before IPv6, 10.0.0.2 before 10.0.0.10, then the shorter prefix first.</summary>
    public int CompareTo(IpPrefix other)
    {
        int order = IsV6.CompareTo(other.IsV6);
        order = order != 0 ? order : IpNumber.Of(Address).CompareTo(IpNumber.Of(other.Address));
        return order != 0 ? order : Length.CompareTo(other.Length);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        IpPrefix other => CompareTo(other),
        _ => throw new ArgumentException("Not a prefix.", nameof(obj)),
    };

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Length);

    /// <summary>Whether address and length are the same.</summary>
    public static bool operator ==(IpPrefix left, IpPrefix right) => left.Equals(right);

    /// <summary>Whether address or length differ.</summary>
    public static bool operator !=(IpPrefix left, IpPrefix right) => !left.Equals(right);

    /// <summary>The prefix as <c>10.15.20.2/24</c> or <c>fd00::2/64</c> (RFC 5952).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
