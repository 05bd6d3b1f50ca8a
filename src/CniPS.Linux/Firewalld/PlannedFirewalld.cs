using System.Collections.Generic;

namespace CniPS.Linux.Firewalld;

/// <summary>firewalld as it would be after the changes planned so far.</summary>
internal sealed class PlannedFirewalld(IFirewalldView real) : IFirewalldView
{
    private readonly Dictionary<(string Zone, string Source), bool> _sources = [];

    /// <inheritdoc/>
    public bool IsRunning => real.IsRunning;

    /// <inheritdoc/>
    public bool HasSource(string zone, string source) =>
        _sources.TryGetValue((zone, source), out bool isThere) ? isThere : real.HasSource(zone, source);

    /// <summary>Puts a source into a zone, or takes it out.</summary>
    /// <returns>Whether that is a change.</returns>
    internal bool Set(string zone, string source, bool isThere)
    {
        bool was = HasSource(zone, source);
        _sources[(zone, source)] = isThere;
        return was != isThere;
    }
}
