using System;
using System.Collections.Generic;
using CniPS.Plugin.Options;

namespace CniPS.Tool.Completion;

/// <summary>What a word can be completed with: what begins as it does, each once.</summary>
internal sealed class Candidates
{
    private readonly List<KeyValuePair<string, string>> _all = [];
    private readonly string _prefix = "";

    /// <summary>Begins.</summary>
    /// <param name="current">The word. Of <c>--option=value</c>, the value is completed.</param>
    internal Candidates(string current)
    {
        Current = current;
        if (current.StartsWith("--", StringComparison.Ordinal) && current.IndexOf('=') is int equals && equals >= 0)
        {
            Option = current[..equals];
            _prefix = current[..(equals + 1)];
        }
    }

    /// <summary>The word.</summary>
    internal string Current { get; }

    /// <summary>The option whose value the word has behind an equals sign, or null.</summary>
    internal string? Option { get; }

    /// <summary>Whether files are candidates too.</summary>
    internal bool WithFiles { get; set; }

    /// <summary>The candidates, and what each is.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> All => _all;

    /// <summary>Adds one, if it fits.</summary>
    internal void Add(string value, string description)
    {
        string candidate = _prefix + value;
        bool fits = value.Length > 0 && value.AsSpan().IndexOfAny('\t', '\n') < 0 && candidate.StartsWith(Current, StringComparison.Ordinal);
        foreach ((string other, _) in _all)
        {
            fits &= other != candidate;
        }

        if (fits)
        {
            _all.Add(new(candidate, description.ReplaceLineEndings(" ")));
        }
    }
}
