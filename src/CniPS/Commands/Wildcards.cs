using System.Management.Automation;

namespace CniPS.Commands;

/// <summary>Names given with wildcards. Case doesn't matter; no pattern at all fits everything.</summary>
internal sealed class Wildcards
{
    private readonly WildcardPattern[] _patterns;
    private readonly string[] _texts;

    internal Wildcards(string[]? patterns)
    {
        _texts = patterns ?? [];
        _patterns = System.Array.ConvertAll(_texts, static text => WildcardPattern.Get(text, WildcardOptions.IgnoreCase));
    }

    /// <summary>Whether a name fits; of several names of one thing, any.</summary>
    internal bool Fit(params string?[] names)
    {
        if (_patterns.Length == 0)
        {
            return true;
        }

        foreach (string? name in names)
        {
            if (name is not null && System.Array.Exists(_patterns, pattern => pattern.IsMatch(name)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The plain names among them, of which each should be there.</summary>
    internal System.Collections.Generic.IEnumerable<string> PlainNames =>
        System.Array.FindAll(_texts, static text => !WildcardPattern.ContainsWildcardCharacters(text));
}
