using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Collects the problems of one network, each once.</summary>
internal sealed class ProblemCollector
{
    private readonly List<NetworkProblem> _problems = [];
    private readonly HashSet<(SourcePosition Position, string? Key, string Id)> _known = [];

    /// <summary>The network's name, as far as it is known.</summary>
    internal string Network { get; set; } = "";

    /// <summary>Adds what reading a configuration has found. The second error about one value only follows from the first.</summary>
    internal void Add(CniException error, string? pluginType = null) => Add(NetworkProblem.Of(error, Network, pluginType));

    /// <summary>Adds a problem with a value of a plugin's configuration.</summary>
    internal void Add(string id, ProblemSeverity severity, PluginConfiguration plugin, JsonPath path, string message, string? action)
    {
        CniException place = plugin.Context.Error(path, message, action);
        Add(NetworkProblem.Of(place, Network, plugin.Type) with { Id = id, Severity = severity, Message = message, Cause = null });
    }

    /// <summary>Adds a warning about a key of a plugin's configuration, at its name.</summary>
    internal void AddAtName(string id, PluginConfiguration plugin, JsonPath path, string message, string? action)
    {
        CniException place = plugin.Context.Error(path, message, action);
        NetworkProblem problem = NetworkProblem.Of(place, Network, plugin.Type);
        Add(problem with { Id = id, Severity = ProblemSeverity.Warning, Position = plugin.LocateName(path), Cause = null });
    }

    /// <summary>Adds a problem with a value of the list itself.</summary>
    internal void Add(string id, ProblemSeverity severity, SourcePosition? position, string? key, string message, string? action) => Add(new NetworkProblem
    {
        Id = id,
        Severity = severity,
        Message = message,
        RecommendedAction = action,
        Network = Network,
        Key = key,
        Position = position,
    });

    /// <summary>Whether a key's value is known to be wrong.</summary>
    internal bool Has(string key) => _problems.Exists(problem => problem.Key == key);

    private void Add(NetworkProblem problem)
    {
        if (problem.Position is null || _known.Add((problem.Position, problem.Key, problem.Id)))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>All of them: what is in no file first, then by file in the order of finding, line and column.</summary>
    internal IReadOnlyList<NetworkProblem> InOrder()
    {
        List<string?> files = [];
        foreach (NetworkProblem problem in _problems)
        {
            if (!files.Contains(problem.File))
            {
                files.Add(problem.File);
            }
        }

        List<(NetworkProblem Problem, int Index)> numbered = [];
        foreach (NetworkProblem problem in _problems)
        {
            numbered.Add((problem, numbered.Count));
        }

        numbered.Sort((a, b) => Key(a).CompareTo(Key(b)));
        return numbered.ConvertAll(n => n.Problem);

        (int, int, int, int) Key((NetworkProblem Problem, int Index) n) =>
            (files.IndexOf(n.Problem.File), n.Problem.Line ?? 0, n.Problem.Column ?? 0, n.Index);
    }
}
