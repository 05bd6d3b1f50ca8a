using System;
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Plugin.Interop;

namespace CniPS.Tool.Output;

/// <summary>JSON lines (jsonlines.org): one value on each line, for programs that read while others are still to come.</summary>
internal static class JsonLine
{
    /// <summary>Prints one on standard output.</summary>
    /// <exception cref="Spec.CniException">It could not be written.</exception>
    internal static void Print(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        if (!StandardStreams.Write(StandardStreams.Output, [.. buffer.WrittenSpan, (byte)'\n']) || StandardStreams.Lost is not null)
        {
            throw ErrorReport.Untold(StandardStreams.Lost ?? "nobody reads it any more", "Make room behind it, or send it elsewhere, and do the rest again.");
        }
    }
}
