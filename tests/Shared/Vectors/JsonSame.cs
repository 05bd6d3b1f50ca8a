using System.Linq;
using System.Text.Json;

namespace CniPS.Tests.Vectors;

/// <summary>Whether two JSON values mean the same: order of keys and writing of numbers aside.</summary>
public static class JsonSame
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 10_000 };

    public static bool Same(string left, string right) =>
        Same(JsonDocument.Parse(left, s_deep).RootElement, JsonDocument.Parse(right, s_deep).RootElement);

    public static bool Same(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && left.ValueKind switch
    {
        JsonValueKind.Object => left.EnumerateObject().Count() == right.EnumerateObject().Count()
            && left.EnumerateObject().All(p => right.TryGetProperty(p.Name, out JsonElement other) && Same(p.Value, other)),
        JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength()
            && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
        JsonValueKind.Number => left.GetDouble() == right.GetDouble(),
        JsonValueKind.String => left.GetString() == right.GetString(),
        _ => true,
    };
}
