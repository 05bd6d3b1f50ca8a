using System.Collections.Generic;
using CniPS.Linux.Host;

namespace CniPS.Plugins;

/// <summary>Something that is not as it should be (CHECK).</summary>
/// <param name="Subject">What: <c>address on eth0</c>, <c>route 0.0.0.0/0</c>.</param>
/// <param name="Expected">What should be.</param>
/// <param name="Actual">What is; null if it is missing altogether.</param>
/// <param name="Message">The same as a sentence, in the words of the Go plugins where they check it too.</param>
public sealed record Difference(string Subject, string Expected, string? Actual, string Message)
{
    /// <summary>The plugin that found it.</summary>
    public string PluginType { get; init; } = "";

    /// <summary>The changes that mend it; empty where only DEL and ADD do.</summary>
    public IReadOnlyList<Change> Repair { get; init; } = [];

    /// <summary>Whether nothing mends it any more, not even DEL and ADD: the container's namespace is gone.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The sentence.</summary>
    public override string ToString() => Message;
}
