using System;
using System.Collections.Generic;
using CniPS.Plugins;

namespace CniPS.Node.Overlay;

/// <summary>What goes wrong again and again is told once, and that it is over.</summary>
/// <param name="log">Is told.</param>
internal sealed class OverlayLog(Action<string> log)
{
    private readonly Dictionary<string, string> _failures = [];
    private HashSet<string> _problems = [];

    /// <summary>Something of a kind failed.</summary>
    internal void Failed(string kind, Exception e)
    {
        lock (_failures)
        {
            if (!_failures.TryGetValue(kind, out string? last) || last != e.Message)
            {
                _failures[kind] = e.Message;
                log($"{e.Message}. {KernelErrors.Of(e)?.RecommendedAction}".TrimEnd());
            }
        }
    }

    /// <summary>It works.</summary>
    internal void Done(string kind)
    {
        lock (_failures)
        {
            if (_failures.Remove(kind))
            {
                log($"{kind}: works again");
            }
        }
    }

    /// <summary>What can't be as it is to be.</summary>
    internal void Problems(IReadOnlyList<string> problems)
    {
        foreach (string problem in problems)
        {
            if (!_problems.Contains(problem))
            {
                log(problem);
            }
        }

        _problems = [.. problems];
    }
}
