using System.Text.Json;

namespace CniPS.Tests.Vectors;

/// <summary>One recorded case.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What is done with the input; <c>meta.kinds</c> of the file says it for each.</param>
/// <param name="IsCore">Whether it must hold; else it is a quirk, from which we may differ.</param>
/// <param name="IsForeign">Whether it is from the folder CNIPS_VECTORS: a quirk that doesn't hold is only told of then.</param>
/// <param name="Input">What is done.</param>
/// <param name="Expect">What comes of it.</param>
/// <param name="Deviation">Why it doesn't hold, where that was decided.</param>
public sealed record Vector(string Id, string Kind, bool IsCore, bool IsForeign, JsonElement Input, JsonElement Expect, string? Deviation)
{
    public bool ExpectsSuccess => !Expect.TryGetProperty("ok", out JsonElement ok) || ok.GetBoolean();

    public string Text(string name = "text") => Input.GetProperty(name).GetString()!;

    /// <summary>Whether another is the same case, whatever its file calls it.</summary>
    internal bool IsSame(Vector other) =>
        Kind == other.Kind && Input.GetRawText() == other.Input.GetRawText() && Expect.GetRawText() == other.Expect.GetRawText();
}
