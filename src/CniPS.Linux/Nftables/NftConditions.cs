using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Text;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>
/// What a packet must be, in nft's language. The usual is read here and needs no program: <c>ip saddr</c>, <c>ip daddr</c> (and <c>ip6</c>) with an
/// address or a subnet, <c>iifname</c> with a name, <c>meta mark</c> with a number, each with or without <c>!=</c>. A text with anything else is left
/// to nft as a whole (<see cref="NftWords"/>), which knows best.
/// </summary>
public static class NftConditions
{
    /// <summary>Reads conditions.</summary>
    /// <param name="text">The text; white space doesn't matter.</param>
    /// <param name="v6">Whether they are for IPv6 packets.</param>
    /// <returns>What they say; nothing for an empty text.</returns>
    /// <exception cref="FormatException">The text is not within one rule, or asks for an address of the other family.</exception>
    public static IReadOnlyList<NftStatement> Read(string text, bool v6)
    {
        List<string> words = NftWordReader.Split(text);
        RequireFamily(words, v6);
        Queue<string> rest = new(words);
        List<NftStatement> conditions = [];
        while (rest.Count > 0)
        {
            if (Next(rest, v6) is not { } condition)
            {
                return [new NftWords(string.Join(' ', words))];
            }

            conditions.Add(condition);
        }

        return conditions;
    }

    private static void RequireFamily(List<string> words, bool v6)
    {
        string other = v6 ? "ip" : "ip6";
        for (int i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] == other && words[i + 1] is "saddr" or "daddr")
            {
                throw new FormatException($"no packet of IPv{(v6 ? 6 : 4)} has an \"{other} {words[i + 1]}\"");
            }
        }
    }

    private static NftStatement? Next(Queue<string> words, bool v6)
    {
        string what = words.Dequeue();
        if (what is "ip" or "ip6" or "meta" && words.TryDequeue(out string? detail))
        {
            what += " " + detail;
        }

        bool not = words.TryPeek(out string? mark) && mark == "!=";
        if (not || mark == "==")
        {
            words.Dequeue();
        }

        if (!words.TryDequeue(out string? value))
        {
            return null;
        }

        return what switch
        {
            "ip saddr" or "ip6 saddr" => Subnet(value, v6) is { } subnet ? NftSubnetMatch.Source(subnet, not) : null,
            "ip daddr" or "ip6 daddr" => Subnet(value, v6) is { } subnet ? NftSubnetMatch.Destination(subnet, not) : null,
            "iifname" or "meta iifname" => Name(value) is { } name ? new NftMatch(NftField.Iifname, name, not) : null,
            "meta mark" => Number(value) is { } number ? new NftMatch(NftField.Mark, NftValue.Mark(number), not) : null,
            _ => null,
        };
    }

    private static IpPrefix? Subnet(string value, bool v6)
    {
        IpPrefix? prefix = IpText.TryParse(value, out IPAddress? host) ? IpPrefix.Host(host)
            : IpPrefix.TryParse(value, out IpPrefix parsed) ? parsed
            : null;
        return prefix is { } found && found.IsV6 == v6 ? found : null;
    }

    // A star stands for any end of a name. Without quotation marks nft knows some names as words of its own.
    private static NftValue? Name(string value)
    {
        string name = value.Trim('"');
        bool isPlain = name.Length > 0 && Encoding.UTF8.GetByteCount(name) < 16 && name.AsSpan().IndexOfAny('"', '*', '\\') < 0;
        return isPlain && (value.Length == name.Length + 2 || IsIdentifier(name)) ? NftValue.InterfaceName(name) : null;
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

    private static uint? Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint hex) ? hex : null
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;
}
