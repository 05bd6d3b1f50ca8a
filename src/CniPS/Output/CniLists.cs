using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace CniPS;

/// <summary>Makes lists for the pipeline's objects.</summary>
internal static class CniLists
{
    /// <summary>Words, numbers, addresses.</summary>
    internal static CniList<T> ToCniList<T>(this IEnumerable<T> items) => new(items);

    /// <summary>Lines, such as commands.</summary>
    internal static CniList<string> ToLines(this IEnumerable<string> lines) => new(lines, '\n');

    /// <summary>What is in a list, as texts: what JSON has of it.</summary>
    internal static CniList<string> ToTexts<T>(this IEnumerable<T> items)
        where T : notnull => new(items.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item}")));
}
