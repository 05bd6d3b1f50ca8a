using System;
using System.Collections.Generic;
using System.Text;

namespace CniPS.Linux.Nftables;

/// <summary>Splits a text of nft's language into words: white space parts them, but not between quotation marks.</summary>
internal static class NftWordReader
{
    /// <summary>The words, with their quotation marks.</summary>
    /// <exception cref="FormatException">The text is not within one rule: it has a semicolon or a comment, or a quotation mark without its partner.</exception>
    internal static List<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool quoted = false;
        foreach (char c in text)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (quoted ? char.IsControl(c) : c is ';' or '#')
            {
                throw new FormatException(char.IsControl(c) ? "a line may not end between quotation marks" : $"'{c}' would end the rule");
            }

            if (quoted || !char.IsWhiteSpace(c))
            {
                word.Append(c);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (quoted)
        {
            throw new FormatException("a quotation mark lacks its partner");
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
