using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Iptables;

/// <summary>
/// A rule, as the words behind <c>-A CHAIN</c>. Two are the same if iptables takes them for the same, though it prints them otherwise than
/// they were written: with masks, with the modules that options belong to, in another order.
/// </summary>
public sealed class IptablesRule : IEquatable<IptablesRule>
{
    /// <summary>How long a comment can be, in bytes: iptables cuts what is longer.</summary>
    public const int LongestComment = 255;

    private readonly string[] _words;
    private string? _meaning;

    /// <summary>Makes a rule.</summary>
    /// <param name="words">Its words, unquoted: <c>-p</c>, <c>tcp</c>, <c>--dport</c>, <c>80</c>, <c>-j</c>, <c>ACCEPT</c>. No line breaks.</param>
    public IptablesRule(params ReadOnlySpan<string> words)
    {
        _words = words.ToArray();
        foreach (string word in _words)
        {
            if (word.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
            {
                throw new ArgumentException("A rule is one line.", nameof(words));
            }
        }
    }

    /// <summary>The words, unquoted.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The chain or target it goes to (<c>-j</c>, <c>-g</c>); null if it only counts.</summary>
    public string? Target => ValueOf("-j") ?? ValueOf("-g");

    /// <summary>Its comment; null if it has none.</summary>
    public string? Comment => ValueOf("--comment");

    /// <summary>The first word behind an option, or null.</summary>
    public string? ValueOf(string option)
    {
        int at = Array.IndexOf(_words, option);
        return at >= 0 && at + 1 < _words.Length ? _words[at + 1] : null;
    }

    /// <summary>Whether another asks and does the same, whatever the comments say.</summary>
    public bool IsLike(IptablesRule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return WithoutComment().Equals(other.WithoutComment());
    }

    private IptablesRule WithoutComment()
    {
        List<string> words = [.. _words];
        if (words.IndexOf("--comment") is >= 0 and var at)
        {
            words.RemoveRange(at, Math.Min(2, words.Count - at));
            if (words.IndexOf("comment") is > 0 and var match && words[match - 1] == "-m")
            {
                words.RemoveRange(match - 1, 2);
            }
        }

        return new IptablesRule([.. words]);
    }

    /// <inheritdoc/>
    public bool Equals(IptablesRule? other) => other is not null && Meaning == other.Meaning;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IptablesRule);

    /// <inheritdoc/>
    public override int GetHashCode() => Meaning.GetHashCode(StringComparison.Ordinal);

    /// <summary>The words as a shell takes them.</summary>
    public override string ToString() => string.Join(' ', Array.ConvertAll(_words, ShellText.Quote));

    private string Meaning => _meaning ??= IptablesMeaning.Of(_words);

    /// <summary>Writes the words as iptables-restore takes them.</summary>
    internal void Write(StringBuilder line)
    {
        foreach (string word in _words)
        {
            line.Append(' ');
            if (word.Length > 0 && word.AsSpan().IndexOfAny(" \t\"'\\") < 0)
            {
                line.Append(word);
                continue;
            }

            line.Append('"').Append(word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }
    }

    /// <summary>Splits a line that iptables-save printed: quoted where it has a space, a backslash before what stands for itself.</summary>
    internal static List<string> Split(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool quoted = false, begun = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"')
            {
                quoted = !quoted;
                begun = true;
            }
            else if (c == ' ' && !quoted)
            {
                if (begun)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    begun = false;
                }
            }
            else
            {
                word.Append(c == '\\' && quoted && i + 1 < line.Length ? line[++i] : c);
                begun = true;
            }
        }

        if (begun)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
