using System.Text.Json;

namespace CniPS.Spec;

/// <summary>Whether JSON says the same. (JsonNode.DeepEquals would bring the executable a tenth of a megabyte of what it needs for nothing else.)</summary>
internal static class JsonMeaning
{
    /// <summary>Whether two values are the same but for layout and the order of keys. Numbers are as they are written: 1 is not 1.0.</summary>
    internal static bool Same(JsonElement a, JsonElement b)
    {
        if (a.ValueKind != b.ValueKind)
        {
            return false;
        }

        switch (a.ValueKind)
        {
            case JsonValueKind.Object: return SameObject(a, b);
            case JsonValueKind.Array: return SameArray(a, b);
            case JsonValueKind.String: return a.ValueEquals(b.GetString());
            case JsonValueKind.Number: return a.GetRawText() == b.GetRawText();
            default: return true;
        }
    }

    private static bool SameObject(JsonElement a, JsonElement b)
    {
        int keys = 0;
        foreach (JsonProperty property in a.EnumerateObject())
        {
            keys++;
            if (!b.TryGetProperty(property.Name, out JsonElement other) || !Same(property.Value, other))
            {
                return false;
            }
        }

        foreach (JsonProperty _ in b.EnumerateObject())
        {
            keys--;
        }

        return keys == 0;
    }

    private static bool SameArray(JsonElement a, JsonElement b)
    {
        int length = a.GetArrayLength();
        bool same = length == b.GetArrayLength();
        for (int i = 0; i < length && same; i++)
        {
            same = Same(a[i], b[i]);
        }

        return same;
    }
}
