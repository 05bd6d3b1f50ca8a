using System;
using System.Buffers;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Nftables;

/// <summary>nft commands as a shell takes them.</summary>
internal static class NftText
{
    // != at a prompt: shells leave an exclamation mark before an equals sign alone.
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,! ");

    /// <summary>
    /// <c>nft WORDS REST</c> inside a namespace. nft puts its arguments together again, so each is quoted only where a shell would touch it.
    /// </summary>
    internal static string Command(NetworkNamespace ns, string words, string rest = "")
    {
        string command = "nft " + Shell(words);
        return ShellText.Inside(ns, rest.Length == 0 ? command : $"{command} {Shell(rest)}");
    }

    /// <summary>A comment behind something: <c> comment "…"</c>; nothing for null.</summary>
    internal static string Comment(string? comment) => comment is null ? "" : $" comment \"{comment}\"";

    private static string Shell(string words) => words.AsSpan().IndexOfAnyExcept(s_plain) < 0 ? words : ShellText.Quote(words);
}
