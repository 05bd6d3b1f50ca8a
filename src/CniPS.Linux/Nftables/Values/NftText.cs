using System;
using System.Buffers;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Nftables;

/// <summary>A command of nft's language: <c>add chain inet cnips ports4 { … }</c>.</summary>
/// <param name="Words">What is to be done, and to what.</param>
/// <param name="Rest">What comes behind, which a shell would often touch: a block, or a rule.</param>
internal readonly record struct NftCommand(string Words, string Rest = "")
{
    /// <summary>The command as nft reads it.</summary>
    public override string ToString() => Rest.Length == 0 ? Words : $"{Words} {Rest}";
}

/// <summary>nft commands as a shell takes them.</summary>
internal static class NftText
{
    // != at a prompt: shells leave an exclamation mark before an equals sign alone.
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,! ");

    /// <summary>
    /// <c>nft WORDS REST</c> inside a namespace. nft puts its arguments together again, so each is quoted only where a shell would touch it.
    /// </summary>
    internal static string Command(NetworkNamespace ns, NftCommand command)
    {
        string begin = "nft " + Shell(command.Words);
        return ShellText.Inside(ns, command.Rest.Length == 0 ? begin : $"{begin} {Shell(command.Rest)}");
    }

    /// <summary>A comment behind something: <c> comment "…"</c>; nothing for null.</summary>
    internal static string Comment(string? comment) => comment is null ? "" : $" comment \"{comment}\"";

    private static string Shell(string words) => words.AsSpan().IndexOfAnyExcept(s_plain) < 0 ? words : ShellText.Quote(words);
}
