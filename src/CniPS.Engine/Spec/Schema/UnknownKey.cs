namespace CniPS.Spec;

/// <summary>A key in a configuration that the plugin doesn't know. It is no error: the specification lets plugins ignore it.</summary>
/// <param name="Path">The key's path in the plugin configuration.</param>
/// <param name="Nearest">The key that was probably meant, or null.</param>
/// <param name="Position">Where the key stands.</param>
public sealed record UnknownKey(JsonPath Path, string? Nearest, SourcePosition? Position)
{
    /// <summary>A sentence that says so.</summary>
    public override string ToString() =>
        Nearest is null ? $"unknown key \"{Path}\"" : $"unknown key \"{Path}\": did you mean \"{Nearest}\"?";
}
