using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
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

    /// <summary>Sets keys of a plugin; a value of null removes one.</summary>
    /// <param name="type">The plugin's type; null for the first one.</param>
    /// <param name="values">The keys, with dots, and their values; null for none.</param>
    /// <exception cref="CniException">As the other.</exception>
    internal void SetPlugin(string? type, IDictionary? values)
    {
        foreach (DictionaryEntry entry in values ?? new Hashtable())
        {
            SetPlugin(type, Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value);
        }
    }

    /// <summary>Puts a plugin into the list.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="capabilities">What it declares.</param>
    /// <param name="before">The type of the one that it comes before; null for the end.</param>
    /// <exception cref="CniException">There is one of that type already, or none to come before; or the text is no list.</exception>
    internal void AddPlugin(string type, IReadOnlyList<string> capabilities, string? before)
    {
        JsonArray plugins = Plugins();
        if (IndexOf(plugins, type) >= 0)
        {
            throw Invalid($"{_file} has a plugin {type} already", "Set-CniNetwork -Plugin changes its keys.", type);
        }

        int place = before is null ? plugins.Count : IndexOf(plugins, before);
        JsonObject plugin = new() { ["type"] = type };
        if (capabilities.Count > 0)
        {
            JsonObject declared = [];
            foreach (string capability in capabilities)
            {
                declared[capability] = true;
            }

            plugin["capabilities"] = declared;
        }

        plugins.Insert(place >= 0 ? place : throw Missing(before), plugin);
    }

    /// <summary>Takes the last plugin of a type out of the list.</summary>
    /// <exception cref="CniException">There is none, or no other; or the text is no list.</exception>
    internal void RemovePlugin(string type)
    {
        JsonArray plugins = Plugins();
        int place = IndexOf(plugins, type);
        if (place < 0)
        {
            throw Missing(type);
        }

        if (plugins.Count == 1)
        {
            throw Invalid($"{type} is the only plugin of {_file}", "Remove-CniNetwork removes the network.", type);
        }

        plugins.RemoveAt(place);
    }

    private JsonArray Plugins() => _root["plugins"] as JsonArray ?? throw Invalid(
        $"{_file} is the configuration of a single plugin, and no list", "New-CniNetwork -Path FILE -OutFile FILE.conflist makes one of it.", _file);

    private static int IndexOf(JsonArray plugins, string type)
    {
        int place = plugins.Count - 1;
        while (place >= 0 && !(plugins[place] is JsonObject plugin && Is(plugin, type)))
        {
            place--;
        }

        return place;
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
