using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>The parts of an attachment in JSON, as the cache and the intent records have them.</summary>
internal static class AttachmentJson
{
    internal static void WriteArgs(Utf8JsonWriter writer, string key, CniArgs args)
    {
        if (args.Pairs.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach ((string name, string value) in args.Pairs)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(name);
            writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    internal static void WriteCapabilityArgs(Utf8JsonWriter writer, string key, IReadOnlyList<KeyValuePair<string, JsonElement>> args)
    {
        if (args.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(key);
        foreach ((string name, JsonElement value) in args)
        {
            writer.WritePropertyName(name);
            JsonBytes.Copy(writer, value);
        }

        writer.WriteEndObject();
    }

    internal static string Text(JsonFields fields, string key)
    {
        fields.TryGet(key, out _, out JsonElement value);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            _ => throw Malformed(key),
        };
    }

    internal static ReadOnlyMemory<byte> Bytes(JsonFields fields, string key)
    {
        fields.TryGet(key, out _, out JsonElement value);
        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? default
            : value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out byte[]? bytes) ? bytes
            : throw Malformed(key);
    }

    internal static CniArgs Args(JsonFields fields, string key, out bool present)
    {
        present = fields.TryGet(key, out _, out JsonElement value) && value.ValueKind == JsonValueKind.Array;
        if (!present)
        {
            return CniArgs.Empty;
        }

        List<KeyValuePair<string, string>> pairs = [];
        foreach (JsonElement pair in value.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2
                || pair[0].ValueKind != JsonValueKind.String || pair[1].ValueKind != JsonValueKind.String)
            {
                throw Malformed(key);
            }

            pairs.Add(new(pair[0].GetString()!, pair[1].GetString()!));
        }

        return new CniArgs(pairs);
    }

    internal static IReadOnlyList<KeyValuePair<string, JsonElement>> CapabilityArgs(JsonFields fields, string key)
    {
        if (!fields.TryGet(key, out _, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Malformed(key);
        }

        List<KeyValuePair<string, JsonElement>> args = [];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            args.Add(new(property.Name, property.Value));
        }

        return args;
    }

    private static CniException Malformed(string key) =>
        new(RuntimeErrorIds.CacheUnreadable, CniErrorCode.DecodingFailure, $"key \"{key}\" has the wrong type");
}
