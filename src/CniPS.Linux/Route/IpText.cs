using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CniPS.Linux.Route;

/// <summary>
/// IP addresses as text, strictly. <see cref="IPAddress.TryParse(string, out IPAddress)"/> takes <c>010.0.0.1</c>, <c>1</c> and
/// <c>0x1.2.3.4</c>; network configuration must not.
/// </summary>
public static class IpText
{
    /// <summary>
    /// Reads one address: four decimal octets without leading zeros, or RFC 4291 text without a zone. An IPv4-mapped IPv6
    /// address gives the IPv4 address.
    /// </summary>
    /// <param name="text">The text, without surrounding space.</param>
    /// <param name="address">The address, if the text is one.</param>
    /// <returns>Whether the text is an address.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.IsEmpty || text.IndexOfAny('%', '[', '/') >= 0)
        {
            return false;
        }

        bool v6 = text.Contains(':');
        ReadOnlySpan<char> dotted = v6 && text.Contains('.') ? text[(text.LastIndexOf(':') + 1)..] : v6 ? default : text;
        if (!dotted.IsEmpty && !IsDottedQuad(dotted))
        {
            return false;
        }

        if (!IPAddress.TryParse(text, out address))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return true;
    }

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        int octets = 0;
        while (true)
        {
            int dot = text.IndexOf('.');
            ReadOnlySpan<char> octet = dot < 0 ? text : text[..dot];
            if (octet.IsEmpty || octet.Length > 3 || (octet.Length > 1 && octet[0] == '0')
                || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                return false;
            }

            octets++;
            if (dot < 0)
            {
                return octets == 4;
            }

            text = text[(dot + 1)..];
        }
    }

    /// <summary>The number of bits in an address of this family: 32 or 128.</summary>
    public static int Bits(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;
}
