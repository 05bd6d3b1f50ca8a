using System;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CniPS.Spec;

namespace CniPS;

/// <summary>Changes single keys in the text of a network, a list or a single plugin's; all others stay, with their order and their numbers' digits.</summary>
internal sealed class NetworkEditor
{
    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _root;
    private readonly string _file;

    /// <summary>Reads a text.</summary>
    /// <exception cref="CniException">It is no network.</exception>
    internal NetworkEditor(byte[] text, string file)
    {
        _file = file;
        NetworkConfigurationList.ParseAny(text, file); // says where it is wrong, if it is
        _root = JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The text as it is now.</summary>
    internal ReadOnlyMemory<byte> Bytes => JsonSerializer.SerializeToUtf8Bytes(_root, s_layout);

    /// <summary>The network as it is now.</summary>
    /// <exception cref="CniException">The changes have made it one that can't be read.</exception>
    internal NetworkConfigurationList ToList() => NetworkConfigurationList.ParseAny(Bytes, _file);

    /// <summary>Sets a key of the list itself; null removes it.</summary>
    internal void SetList(string key, object? value) => Set(_root, key, value);

    /// <summary>Sets a key of a plugin; null removes it.</summary>
    /// <param name="type">The plugin's type; null for the first one.</param>
    /// <param name="key">The key; a dot goes into an object.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="CniException">There is no such plugin, or the key goes into something that is no object.</exception>
    internal void SetPlugin(string? type, string key, object? value)
    {
        JsonObject at = FindPlugin(type);
        string[] keys = key.Split('.');
        for (int i = 0; i < keys.Length - 1; i++)
        {
            if (at[keys[i]] is null)
            {
                at[keys[i]] = new JsonObject();
            }

            at = at[keys[i]] as JsonObject ?? throw Invalid($"\"{string.Join('.', keys[..(i + 1)])}\" is no object", "Give the whole value of that key.", key);
        }

        Set(at, keys[^1], value);
    }

    private JsonObject FindPlugin(string? type)
    {
        if (_root["plugins"] is not JsonArray plugins)
        {
            return Is(_root, type) ? _root : throw Missing(type);
        }

        foreach (JsonNode? plugin in plugins)
        {
            if (plugin is JsonObject candidate && Is(candidate, type))
            {
                return candidate;
            }
        }

        throw Missing(type);
    }

    private static bool Is(JsonObject plugin, string? type) =>
        type is null || (plugin["type"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out string? text) && text == type);

    private static void Set(JsonObject at, string key, object? value)
    {
        if (value is null)
        {
            at.Remove(key);
        }
        else
        {
            at[key] = JsonNode.Parse(CniPS.JsonValue.ToElement(value).GetRawText());
        }
    }

    private CniException Missing(string? type) =>
        Invalid($"{_file} has no plugin {type}", "Get-CniNetwork shows a network's plugins.", type);

    private static CniException Invalid(string message, string action, string? target) =>
        new(CniErrorIds.InvalidArgs, CniErrorCode.Unknown, message) { RecommendedAction = action, Target = target };
}
