using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>Reads single values of fields as nft writes them. Null for what is none, or is for nft to read: names of services, variables, patterns.</summary>
internal static class NftScalars
{
    internal static bool IsAddress6(NftField field) => field is NftField.Ip6Saddr or NftField.Ip6Daddr;

    internal static bool IsAddress(NftField field) => field is NftField.IpSaddr or NftField.IpDaddr || IsAddress6(field);

    internal static bool IsPort(NftField field) => field is NftField.ThSport or NftField.ThDport || NftFieldInfo.Of(field).Transport != 0;

    internal static NftValue? Read(NftField field, string text) =>
        IsAddress(field) ? Address(text, IsAddress6(field))
        : IsPort(field) ? Number(text) is { } port and <= ushort.MaxValue ? NftValue.Port((ushort)port) : null
        : field switch
        {
            NftField.L4Proto => Protocol(text),
            NftField.Iifname or NftField.Oifname => Name(text),
            NftField.Mark => Number(text) is { } mark ? NftValue.Mark(mark) : null,
            _ => null,
        };

    internal static NftValue? Protocol(string text) => text switch
    {
        "tcp" => NftValue.Protocol(ProtocolType.Tcp),
        "udp" => NftValue.Protocol(ProtocolType.Udp),
        "icmp" => NftValue.Protocol(ProtocolType.Icmp),
        "ipv6-icmp" or "icmpv6" => NftValue.Protocol(ProtocolType.IcmpV6),
        "sctp" => NftValue.Protocol((ProtocolType)Nf.IPPROTO_SCTP),
        _ => null,
    };

    /// <summary>The addresses of a subnet; null for one that is a single address, or is written by another of its addresses than the first.</summary>
    internal static NftInterval? Subnet(NftField field, string text)
    {
        if (!IsAddress(field) || !IpPrefix.TryParse(text, out IpPrefix subnet) || subnet.IsV6 != IsAddress6(field)
            || subnet.Length == IpText.Bits(subnet.Family) || !subnet.Network.Address.Equals(subnet.Address))
        {
            return null;
        }

        byte[] last = subnet.Address.GetAddressBytes();
        for (int i = subnet.Length; i < 8 * last.Length; i++)
        {
            last[i / 8] |= (byte)(0x80 >> (i % 8));
        }

        return new NftInterval(NftValue.Of(subnet.Address), NftValue.Of(new IPAddress(last)));
    }

    private static NftValue? Address(string text, bool v6) =>
        IpText.TryParse(text, out IPAddress? address) && (address.AddressFamily == AddressFamily.InterNetworkV6) == v6 ? NftValue.Of(address) : null;

    // A star stands for any end of a name. Without quotation marks nft knows some names as words of its own.
    private static NftValue? Name(string text)
    {
        bool isQuoted = text.Length > 2 && text[0] == '"' && text[^1] == '"';
        string name = isQuoted ? text[1..^1] : text;
        return Encoding.UTF8.GetByteCount(name) is > 0 and < 16 && (isQuoted ? name.AsSpan().IndexOfAny('"', '*', '\\') < 0 : IsIdentifier(name))
            ? NftValue.InterfaceName(name)
            : null;
    }

    private static bool IsIdentifier(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return char.IsAsciiLetter(name[0]);
    }

    // A zero before other digits makes a number octal.
    private static uint? Number(string text) =>
        text.Length > 1 && text[0] == '0' && text[1] != 'x' ? null
        : text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint hex) ? hex : null
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;
}
