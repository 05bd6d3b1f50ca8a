namespace CniPS.Tool.Options;

/// <summary>An option of a command.</summary>
/// <param name="Name">Its name, with the two hyphens.</param>
/// <param name="Value">What its value is called in the help; null for one without.</param>
/// <param name="Help">What it is for.</param>
internal sealed record Option(string Name, string? Value, string Help)
{
    /// <summary>A hyphen and a letter, or null.</summary>
    internal string? Short { get; init; }

    /// <summary>The environment variable that stands for it where it isn't given, or null.</summary>
    internal string? Variable { get; init; }

    /// <summary>How it is written: <c>-i, --ifname NAME</c>.</summary>
    internal string Synopsis => $"{(Short is null ? "" : Short + ", ")}{Name}{(Value is null ? "" : " " + Value)}";
}
