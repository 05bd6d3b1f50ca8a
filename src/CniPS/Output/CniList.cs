using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace CniPS;

/// <summary>
/// A list that is one text where only a text fits, as in a field of Export-Csv: words with a space between them, as PowerShell itself writes
/// a list, lines each on its own. The parameters that take such a list take that text as well.
/// </summary>
/// <typeparam name="T">What is in it.</typeparam>
public sealed class CniList<T> : ReadOnlyCollection<T>
{
    private readonly char _between;

    internal CniList(IEnumerable<T> items, char between = ' ')
        : base([.. items]) => _between = between;

    /// <summary>All of it, as one text.</summary>
    public override string ToString() => string.Join(_between, this);
}
