using System.Text.Json;

namespace CniPS.Engine.Tests.Spec.Vectors;

/// <summary>One recorded case.</summary>
public sealed record Vector(string Id, string Kind, bool IsCore, JsonElement Input, JsonElement Expect, string? Deviation)
{
    public bool ExpectsSuccess => !Expect.TryGetProperty("ok", out JsonElement ok) || ok.GetBoolean();

    public string Text(string name = "text") => Input.GetProperty(name).GetString()!;
}
