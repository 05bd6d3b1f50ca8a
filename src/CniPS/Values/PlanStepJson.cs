using System;
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Runtime;

namespace CniPS;

/// <summary>A step of a plan as JSON, and back: who makes it, whether attachments share it, and the change (<see cref="ChangeJson"/>).</summary>
internal static class PlanStepJson
{
    private const string Plugin = "plugin", IsShared = "isShared", Change = "change";

    internal static string Write(PlanStep step)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString(Plugin, step.PluginType);
            writer.WriteBoolean(IsShared, step.IsShared);
            writer.WritePropertyName(Change);
            writer.WriteRawValue(ChangeJson.Write(step.Change));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is none, or of another version of CniPS.</exception>
    internal static PlanStep Read(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            JsonElement step = json.RootElement;
            return new PlanStep(step.GetProperty(Plugin).GetString(), ChangeJson.Read(step.GetProperty(Change).GetRawText()), step.GetProperty(IsShared).GetBoolean());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or System.Collections.Generic.KeyNotFoundException)
        {
            throw new FormatException($"\"{(text.Length > 40 ? text[..40] + "…" : text)}\" is no step of a plan: {e.Message}", e);
        }
    }
}
