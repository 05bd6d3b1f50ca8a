using System;
using System.Collections.Generic;
using CniPS.Linux.Route;

namespace CniPS.Linux.Iptables;

/// <summary>What a rule means, however it is written: its conditions in one spelling and one order, without the names of modules.</summary>
internal static class IptablesMeaning
{
    internal static string Of(ReadOnlySpan<string> words)
    {
        List<string> parts = [];
        for (int i = 0; i < words.Length;)
        {
            bool not = words[i] == "!";
            i += not ? 1 : 0;
            if (i == words.Length)
            {
                break;
            }

            string option = Spell(words[i++]);
            List<string> values = [];
            // A comment is any text, even one that looks like an option.
            while (i < words.Length && ((option == "--comment" && values.Count == 0) || !IsOption(words[i])))
            {
                values.Add(words[i++]);
            }

            if (option != "-m" && Normal(option, string.Join(' ', values)) is { } value)
            {
                parts.Add($"{(not ? "! " : "")}{option} {value}");
            }
        }

        parts.Sort(StringComparer.Ordinal);
        return string.Join('\n', parts);
    }

    private static bool IsOption(string word) => word == "!" || (word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]));

    private static string Spell(string option) => option switch
    {
        "--protocol" => "-p",
        "--source" or "--src" => "-s",
        "--destination" or "--dst" => "-d",
        "--in-interface" => "-i",
        "--out-interface" => "-o",
        "--jump" => "-j",
        "--goto" => "-g",
        "--match" => "-m",
        "--source-port" => "--sport",
        "--destination-port" => "--dport",
        "--source-ports" => "--sports",
        "--destination-ports" => "--dports",
        _ => option,
    };

    // Null: it says nothing.
    private static string? Normal(string option, string value) => option switch
    {
        "-s" or "-d" => Address(value),
        "-p" => value is "all" or "0" ? null : value.ToLowerInvariant(),
        "--ctstate" or "--state" => Sorted(value),
        _ => value,
    };

    private static string? Address(string text)
    {
        if (!text.Contains('/') && IpText.TryParse(text, out System.Net.IPAddress? host))
        {
            return host.ToString();
        }

        return !IpPrefix.TryParse(text, out IpPrefix prefix) ? text
            : prefix.Length == 0 ? null
            : prefix.Length == IpText.Bits(prefix.Family) ? prefix.Address.ToString()
            : prefix.Network.ToString();
    }

    private static string Sorted(string list)
    {
        string[] items = list.Split(',');
        Array.Sort(items, StringComparer.Ordinal);
        return string.Join(',', items);
    }
}
