using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace CniPS;

/// <summary>Names given with wildcards. Case doesn't matter; no pattern at all fits everything.</summary>
internal sealed class Wildcards
{
    private readonly WildcardPattern[] _patterns;
    private readonly SortedDictionary<int, string> _missing = [];

    internal Wildcards(string[]? texts)
    {
        texts ??= [];
        _patterns = Array.ConvertAll(texts, static text => WildcardPattern.Get(text, WildcardOptions.IgnoreCase));
        for (int i = 0; i < texts.Length; i++)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(texts[i]))
            {
                _missing.Add(i, texts[i]);
            }
        }
    }

    /// <summary>The names without wildcards that nothing has fitted so far.</summary>
    internal IEnumerable<string> Missing => _missing.Values;

    /// <summary>Whether a thing fits, by any of its names.</summary>
    internal bool Fit(params ReadOnlySpan<string?> names)
    {
        bool fits = _patterns.Length == 0;
        foreach (string? name in names)
        {
            for (int i = 0; name is not null && i < _patterns.Length; i++)
            {
                if (_patterns[i].IsMatch(name))
                {
                    fits = true;
                    _missing.Remove(i);
                }
            }
        }

        return fits;
    }
}
