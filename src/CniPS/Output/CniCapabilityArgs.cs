using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.ComponentModel;
using System.Linq;
using System.Text.Json;

namespace CniPS;

/// <summary>Capability arguments as a table, read with dots: <c>$attachment.CapabilityArgs.portMappings[0].hostPort</c>. As a text it is their JSON.</summary>
[TypeConverter(typeof(RevivedValueConverter))]
public sealed class CniCapabilityArgs : OrderedDictionary
{
    internal CniCapabilityArgs(IReadOnlyList<KeyValuePair<string, JsonElement>> properties)
        : base(StringComparer.Ordinal)
    {
        Properties = properties;
        foreach ((string key, JsonElement value) in properties)
        {
            this[key] = ToValue(value);
        }
    }

    /// <summary>The arguments as they were given, to the last digit.</summary>
    internal IReadOnlyList<KeyValuePair<string, JsonElement>> Properties { get; }

    /// <summary>The arguments' JSON on one line; null for none.</summary>
    internal static string? TextOf(IReadOnlyList<KeyValuePair<string, JsonElement>> properties)
    {
        if (properties.Count == 0)
        {
            return null;
        }

        JsonElement json = JsonValue.ToElement(writer =>
        {
            writer.WriteStartObject();
            foreach ((string key, JsonElement value) in properties)
            {
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
        return json.GetRawText();
    }

    /// <summary>The arguments' JSON on one line.</summary>
    public override string ToString() => TextOf(Properties) ?? "";

    private static object? ToValue(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new CniCapabilityArgs([.. json.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value))]),
        JsonValueKind.Array => json.EnumerateArray().Select(ToValue).ToArray(),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out long whole) ? whole : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
