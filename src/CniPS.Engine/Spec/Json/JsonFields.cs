using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>An object's properties for looking up, of which the last of a name counts. What is no object has none.</summary>
internal readonly struct JsonFields
{
    private readonly KeyValuePair<string, JsonElement>[] _fields;
    private readonly StringComparison _comparison;

    /// <summary>Reads an object's properties.</summary>
    /// <param name="json">The object.</param>
    /// <param name="ignoreCase">As at plugin level (true) or as at list level (false).</param>
    public JsonFields(JsonElement json, bool ignoreCase)
    {
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _fields = [];
        if (json.ValueKind == JsonValueKind.Object)
        {
            var fields = new List<KeyValuePair<string, JsonElement>>();
            foreach (JsonProperty property in json.EnumerateObject())
            {
                fields.Add(new(property.Name, property.Value));
            }

            _fields = fields.ToArray();
        }
    }

    private JsonFields(KeyValuePair<string, JsonElement>[] fields, StringComparison comparison)
    {
        _fields = fields;
        _comparison = comparison;
    }

    /// <summary>The same properties, with names that differ in case as different names.</summary>
    public JsonFields Exact => new(_fields, StringComparison.Ordinal);

    /// <summary>Every property, in the text's order, superseded ones included.</summary>
    public ReadOnlySpan<KeyValuePair<string, JsonElement>> All => _fields;

    /// <summary>Looks a property up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="spelling">Its name as the text spells it.</param>
    /// <param name="value">Its value.</param>
    public bool TryGet(string name, out string spelling, out JsonElement value)
    {
        for (int i = _fields.Length - 1; i >= 0; i--)
        {
            if (string.Equals(_fields[i].Key, name, _comparison))
            {
                (spelling, value) = _fields[i];
                return true;
            }
        }

        spelling = name;
        value = default;
        return false;
    }

    /// <summary>Whether a later property has the same name as the one at an index.</summary>
    public bool IsSuperseded(int index)
    {
        for (int i = index + 1; i < _fields.Length; i++)
        {
            if (string.Equals(_fields[i].Key, _fields[index].Key, _comparison))
            {
                return true;
            }
        }

        return false;
    }
}
