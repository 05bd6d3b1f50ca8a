using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A plugin that is there: a native one, or a program in a folder of the path.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Path">The program's path; null for a native plugin.</param>
/// <param name="IsUsed">Whether it is the one that a configuration of its type gets.</param>
public sealed record FoundPlugin(string Type, string? Path, bool IsUsed)
{
    /// <summary>The versions it speaks, as it lists them; empty where it could not be asked.</summary>
    public IReadOnlyList<string> SupportedVersions { get; init; } = [];

    /// <summary>Why it could not be asked, or null.</summary>
    public CniException? Failure { get; init; }
}
