using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Writes into a network's text which form its plugins' rules have; all other keys stay as they are.</summary>
internal static class BackendNaming
{
    /// <summary>A list in which some plugins name a backend.</summary>
    /// <param name="list">The list.</param>
    /// <param name="options">What its text may be.</param>
    /// <param name="keyOf">The key that names it for a plugin, by the plugin's place; null for one that stays as it is.</param>
    /// <param name="word">The backend.</param>
    internal static NetworkConfigurationList Name(
        NetworkConfigurationList list, RuntimeOptions options, Func<int, string?> keyOf, string word)
    {
        List<string?> keys = [];
        for (int i = 0; i < list.Plugins.Count; i++)
        {
            keys.Add(keyOf(i));
        }

        if (keys.TrueForAll(key => key is null))
        {
            return list;
        }

        JsonElement root = JsonText.Parse(ListBytes.Of(list, options), null, "").Root;
        return NetworkConfigurationList.Parse(JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            JsonBytes.CopyProperties(writer, root, ["plugins"]);
            writer.WriteStartArray("plugins");
            for (int i = 0; i < keys.Count; i++)
            {
                if (keys[i] is { } key)
                {
                    Write(writer, list.Plugins[i].Json, key.Split('.'), word);
                }
                else
                {
                    JsonBytes.Copy(writer, list.Plugins[i].Json);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement json, ReadOnlySpan<string> keys, string word)
    {
        writer.WriteStartObject();
        if (json.ValueKind == JsonValueKind.Object)
        {
            JsonBytes.CopyProperties(writer, json, [keys[0]]);
        }

        writer.WritePropertyName(keys[0]);
        if (keys.Length == 1)
        {
            writer.WriteStringValue(word);
        }
        else
        {
            Write(writer, json.ValueKind == JsonValueKind.Object && json.TryGetProperty(keys[0], out JsonElement inner) ? inner : default, keys[1..], word);
        }

        writer.WriteEndObject();
    }
}
