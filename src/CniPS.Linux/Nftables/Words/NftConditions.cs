using System;
using System.Collections.Generic;

namespace CniPS.Linux.Nftables;

/// <summary>
/// What a packet must be, in nft's language. The usual is read here (<see cref="NftConditionReader"/>) and needs no program; a text with anything
/// else in it is left to nft as a whole (<see cref="NftWords"/>), which knows best.
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
        NftConditionReader reader = new(words, v6);
        List<NftStatement> conditions = [];
        while (!reader.AtEnd)
        {
            if (reader.Next() is not { } condition)
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
}
