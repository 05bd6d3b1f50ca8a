using System.Text.Json;

namespace CniPS.Spec;

/// <summary>What kind of value it is, in words.</summary>
internal static class JsonKind
{
    /// <summary>For the middle of a sentence: <c>a string</c>.</summary>
    public static string WithArticle(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };

    /// <summary>The word alone: <c>string</c>.</summary>
    public static string Name(JsonElement value)
    {
        string words = WithArticle(value);
        return words[(words.IndexOf(' ') + 1)..];
    }
}
