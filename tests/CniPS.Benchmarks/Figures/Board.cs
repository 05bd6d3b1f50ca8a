using System.Collections.Generic;

namespace CniPS.Benchmarks.Figures;

/// <summary>Everything that was seen, by name, and what could not be.</summary>
internal sealed class Board
{
    private readonly Dictionary<string, Series> _series = [];
    private readonly List<string> _notes = [];

    public IReadOnlyDictionary<string, Series> All => _series;

    /// <summary>Why something is missing.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>A series, made when it is first asked for.</summary>
    public Series this[string name] => _series.TryGetValue(name, out Series? series) ? series : _series[name] = new Series();

    public Series? Find(string name) => _series.GetValueOrDefault(name);

    public void Note(string text)
    {
        if (!_notes.Contains(text))
        {
            _notes.Add(text);
        }
    }
}
