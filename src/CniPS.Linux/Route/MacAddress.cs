using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CniPS.Linux.Route;

/// <summary>A 48-bit link-layer address (EUI-48), written <c>0a:58:0a:0f:14:02</c>.</summary>
public readonly struct MacAddress : IEquatable<MacAddress>
{
    private readonly ulong _value;

    private MacAddress(ulong value) => _value = value;

    /// <summary>Makes an address from its six bytes, in transmission order.</summary>
    /// <exception cref="ArgumentException">There are not six bytes.</exception>
    public MacAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 6)
        {
            throw new ArgumentException("A MAC address has six bytes.", nameof(bytes));
        }

        foreach (byte b in bytes)
        {
            _value = (_value << 8) | b;
        }
    }

    /// <summary>A random address, locally administered, as the kernel gives its virtual interfaces (eth_random_addr).</summary>
    public static MacAddress Random()
    {
        Span<byte> bytes = stackalloc byte[6];
        System.Random.Shared.NextBytes(bytes);
        bytes[0] = (byte)((bytes[0] & 0xfe) | 2);
        return new MacAddress(bytes);
    }

    /// <summary>Whether it is all zeros, as that of an interface that has none.</summary>
    public bool IsZero => _value == 0;

    /// <summary>Whether the group bit is set: such an address can't be given to an interface.</summary>
    public bool IsMulticast => ((_value >> 40) & 1) != 0;

    /// <summary>Writes the six bytes.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        for (int i = 0; i < 6; i++)
        {
            bytes[i] = (byte)(_value >> (40 - (8 * i)));
        }
    }

    /// <summary>Reads an address as the Go plugins do: six hex pairs between colons or dashes, or three groups of four between dots.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress address)
    {
        address = default;
        ReadOnlySpan<char> rest = text;
        int group = rest.Length == 17 ? 2 : rest.Length == 14 ? 4 : 0;
        if (group == 0)
        {
            return false;
        }

        char separator = rest[group];
        if (group == 2 ? separator is not (':' or '-') : separator != '.')
        {
            return false;
        }

        ulong value = 0;
        for (int at = 0; at < rest.Length; at += group + 1)
        {
            if (!ushort.TryParse(rest.Slice(at, group), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort part)
                || (at + group < rest.Length && rest[at + group] != separator))
            {
                return false;
            }

            value = (value << (4 * group)) | part;
        }

        address = new MacAddress(value);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(MacAddress other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MacAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Whether two addresses are the same.</summary>
    public static bool operator ==(MacAddress left, MacAddress right) => left.Equals(right);

    /// <summary>Whether two addresses differ.</summary>
    public static bool operator !=(MacAddress left, MacAddress right) => !left.Equals(right);

    /// <summary>The address as six lower-case hex pairs between colons.</summary>
    public override string ToString() => string.Create(17, _value, static (span, value) =>
    {
        for (int i = 0; i < 6; i++)
        {
            ((byte)(value >> (40 - (8 * i)))).TryFormat(span[(3 * i)..], out _, "x2", CultureInfo.InvariantCulture);
            if (i < 5)
            {
                span[(3 * i) + 2] = ':';
            }
        }
    });
}
