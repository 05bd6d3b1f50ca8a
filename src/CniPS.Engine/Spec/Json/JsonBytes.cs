using System;
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>Writing JSON: compact, and only what must be escaped escaped.</summary>
internal static class JsonBytes
{
    /// <summary>Writes one value.</summary>
    /// <param name="write">Writes the value.</param>
    /// <returns>The text, UTF-8, on one line.</returns>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>
    /// Copies a value: numbers and strings byte for byte, without space between, the last of several properties of one name.
    /// </summary>
    public static void Copy(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                CopyProperties(writer, value, []);
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement element in value.EnumerateArray())
                {
                    Copy(writer, element);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                break;
        }
    }

    /// <summary>Copies an object's properties into the object being written.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The object.</param>
    /// <param name="except">Names to leave out, spelled exactly so.</param>
    public static void CopyProperties(Utf8JsonWriter writer, JsonElement value, ReadOnlySpan<string> except)
    {
        var fields = new JsonFields(value, ignoreCase: false);
        for (int i = 0; i < fields.All.Length; i++)
        {
            (string name, JsonElement field) = fields.All[i];
            if (except.IndexOf(name) < 0 && !fields.IsSuperseded(i))
            {
                writer.WritePropertyName(name);
                Copy(writer, field);
            }
        }
    }
}
