using System;
using System.Collections;
using System.Collections.Generic;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>
/// What CHECK found. The repairs of its differences can be made until it is disposed: they hold the container's namespace open, and with
/// it the namespace alive. One that is forgotten lets go of it when it is collected.
/// </summary>
public sealed class CheckReport : IReadOnlyList<Difference>, IDisposable
{
    private readonly IReadOnlyList<Difference> _differences;
    private readonly PluginContext? _context;

    internal CheckReport(IReadOnlyList<Difference> differences, PluginContext? context = null)
    {
        _differences = differences;
        _context = context;
        if (!HasRepairs())
        {
            context?.Dispose();
        }
    }

    /// <summary>How many differences there are; none if all is well.</summary>
    public int Count => _differences.Count;

    /// <summary>A difference.</summary>
    /// <param name="index">Its place.</param>
    public Difference this[int index] => _differences[index];

    /// <inheritdoc/>
    public IEnumerator<Difference> GetEnumerator() => _differences.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lets go of the container's namespace: the repairs can only be shown from here on.</summary>
    public void Dispose() => _context?.Dispose();

    private bool HasRepairs()
    {
        foreach (Difference difference in _differences)
        {
            if (difference.Repair.Count > 0)
            {
                return true;
            }
        }

        return false;
    }
}
