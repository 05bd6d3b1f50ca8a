using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>Capability arguments as one JSON object, capability names and their values: what cnitool takes from CAP_ARGS.</summary>
public static class CapabilityArgs
{
    /// <summary>Reads them; of several with one name the last counts, and <c>null</c> is none.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="CniException">
    /// It is no JSON (<see cref="CniErrorIds.InvalidJson"/>, code 6, with its position), or no object (<see cref="CniErrorIds.InvalidArgs"/>,
    /// code 4); in the words of Go, which cnitool prints.
    /// </exception>
    public static IReadOnlyList<KeyValuePair<string, JsonElement>> Parse(string json)
    {
        JsonElement root = JsonText.Parse(Encoding.UTF8.GetBytes(json), null, "").Root;
        if (root.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new CniException(
                CniErrorIds.InvalidArgs,
                CniErrorCode.InvalidEnvironmentVariables,
                $"json: cannot unmarshal {GoName(root)} into Go value of type map[string]interface {{}}")
            {
                RecommendedAction = "Write capability arguments as a JSON object: {\"mac\": \"c2:11:22:33:44:55\"}.",
            };
        }

        var fields = new JsonFields(root, ignoreCase: false);
        var all = new List<KeyValuePair<string, JsonElement>>();
        for (int i = 0; i < fields.All.Length; i++)
        {
            if (!fields.IsSuperseded(i))
            {
                (string name, JsonElement value) = fields.All[i];
                all.Add(new(name, value));
            }
        }

        return all;
    }

    private static string GoName(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "bool" : JsonKind.Name(value);
}
