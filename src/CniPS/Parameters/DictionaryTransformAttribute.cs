using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Management.Automation;
using System.Text.Json;

namespace CniPS;

/// <summary>Takes an object with properties, as ConvertFrom-Json makes it, or a text of JSON, where a hashtable is wanted.</summary>
public sealed class DictionaryTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => PowerShellValue.Unwrap(inputData) switch
    {
        PSObject custom => Table(JsonValue.Entries(custom)),
        string text => string.IsNullOrWhiteSpace(text) ? null! : new CniCapabilityArgs(Read(text)),
        _ => inputData,
    };

    private static OrderedDictionary Table(IEnumerable<(string Key, object? Value)> entries)
    {
        OrderedDictionary table = [];
        foreach ((string key, object? value) in entries)
        {
            table.Add(key, value);
        }

        return table;
    }

    // As an attachment has them when it is a text: digit by digit.
    private static List<KeyValuePair<string, JsonElement>> Read(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Object
                ? throw new ArgumentTransformationMetadataException($"\"{text}\" is no JSON object.")
                : [.. json.RootElement.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.Clone()))];
        }
        catch (JsonException e)
        {
            throw new ArgumentTransformationMetadataException($"\"{text}\" is no JSON object: {e.Message}", e);
        }
    }
}
