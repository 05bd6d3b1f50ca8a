using System;
using System.Buffers;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS;

/// <summary>PowerShell's values as JSON: hashtables and custom objects, arrays, numbers with all their digits, true and false.</summary>
internal static class JsonValue
{
    private const int MaxDepth = 64;

    /// <summary>A hashtable's or object's entries, each as JSON.</summary>
    internal static IReadOnlyList<KeyValuePair<string, JsonElement>> ToProperties(object? value)
    {
        List<KeyValuePair<string, JsonElement>> properties = [];
        foreach ((string key, object? entry) in Entries(value))
        {
            properties.Add(new(key, ToElement(entry)));
        }

        return properties;
    }

    /// <summary>A value as JSON.</summary>
    internal static JsonElement ToElement(object? value) => ToElement(writer => Write(writer, value));

    /// <summary>What somebody writes, as JSON.</summary>
    internal static JsonElement ToElement(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            write(writer);
        }

        using JsonDocument document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="CniException">It goes on too deep, as one that contains itself does, or is a number that JSON has not.</exception>
    internal static void Write(Utf8JsonWriter writer, object? value)
    {
        if (writer.CurrentDepth > MaxDepth)
        {
            throw Invalid($"a value is nested more than {MaxDepth} levels deep");
        }

        switch (PowerShellValue.Unwrap(value))
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case SwitchParameter flag: writer.WriteBooleanValue(flag); break;
            case JsonElement element: element.WriteTo(writer); break;
            case double number when !double.IsFinite(number): throw Invalid($"JSON has no number {number}");
            case float number when !float.IsFinite(number): throw Invalid($"JSON has no number {number}");
            case byte or sbyte or short or ushort or int or uint or long or ulong or System.Numerics.BigInteger:
            case float or double or decimal:
                writer.WriteRawValue(((IFormattable)PowerShellValue.Unwrap(value)!).ToString(null, CultureInfo.InvariantCulture));
                break;
            case IDictionary or PSObject: WriteObject(writer, value); break;
            case IEnumerable items: WriteArray(writer, items); break;
            case IFormattable other: writer.WriteStringValue(other.ToString(null, CultureInfo.InvariantCulture)); break;
            case object other: writer.WriteStringValue(other.ToString()); break;
        }
    }

    /// <summary>The entries of a hashtable (by key, unless it is ordered) or custom object.</summary>
    internal static IEnumerable<(string Key, object? Value)> Entries(object? value)
    {
        List<(string Key, object? Value)> entries = [];
        switch (PowerShellValue.Unwrap(value))
        {
            case IDictionary table:
                foreach (DictionaryEntry entry in table)
                {
                    entries.Add((Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value));
                }

                if (table is Hashtable)
                {
                    entries.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
                }

                break;
            case PSObject custom:
                foreach (PSPropertyInfo property in custom.Properties)
                {
                    entries.Add((property.Name, property.Value));
                }

                break;
        }

        return entries;
    }

    private static void WriteObject(Utf8JsonWriter writer, object? value)
    {
        writer.WriteStartObject();
        foreach ((string key, object? entry) in Entries(value))
        {
            writer.WritePropertyName(key);
            Write(writer, entry);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, IEnumerable items)
    {
        writer.WriteStartArray();
        foreach (object? item in items)
        {
            Write(writer, item);
        }

        writer.WriteEndArray();
    }

    private static CniException Invalid(string message) =>
        new(ModuleErrorIds.InvalidValue, CniErrorCode.DecodingFailure, message)
        {
            RecommendedAction = "Give hashtables, arrays, texts, numbers, $true and $false.",
        };
}
