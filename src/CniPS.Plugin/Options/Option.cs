using System.Collections.Generic;

namespace CniPS.Plugin.Options;

/// <summary>An option of a command.</summary>
/// <param name="Name">Its name, with the two hyphens.</param>
/// <param name="Value">What its value is called in the help; null for one without.</param>
/// <param name="Help">What it is for.</param>
internal sealed record Option(string Name, string? Value, string Help)
{
    /// <summary>A hyphen and a letter, or null.</summary>
    internal string? Short { get; init; }

    /// <summary>Other names that it is known by elsewhere.</summary>
    internal IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The environment variable that stands for it where it isn't given, or null.</summary>
    internal string? Variable { get; init; }

    /// <summary>What its value is completed with.</summary>
    internal Completes Completes { get; init; }

    /// <summary>The values it can have, where they are few.</summary>
    internal IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether it can be given as <c>=true</c> or <c>=false</c>, as Go's flags without a value can.</summary>
    internal bool TakesBoolean { get; init; }

    /// <summary>How it is written: <c>-i, --ifname NAME</c>.</summary>
    internal string Synopsis => $"{(Short is null ? "" : Short + ", ")}{Name}{(Value is null ? "" : " " + Value)}";

    /// <summary>Whether it is called that.</summary>
    internal bool Is(string name)
    {
        bool isAlias = false;
        foreach (string alias in Aliases)
        {
            isAlias |= alias == name;
        }

        return isAlias || name == Name || name == Short;
    }
}
