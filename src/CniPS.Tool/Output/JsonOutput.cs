using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Plugin.Interop;
using CniPS.Spec;

namespace CniPS.Tool.Output;

/// <summary>JSON for programs: one value, laid out as the Go programs do, and a line feed.</summary>
internal static class JsonOutput
{
    /// <summary>Prints a value on standard output.</summary>
    internal static void Print(Action<Utf8JsonWriter> write) => Print(StandardStreams.Output, write);

    /// <summary>Prints a value on a line of its own, of a stream of values (JSON lines).</summary>
    internal static void PrintLine(Action<Utf8JsonWriter> write) => StandardStreams.Write(StandardStreams.Output, [.. Bytes(write), (byte)'\n']);

    /// <summary>Prints a value.</summary>
    internal static void Print(int fd, Action<Utf8JsonWriter> write) => StandardStreams.Write(fd, [.. JsonLayout.Indent(Bytes(write)), (byte)'\n']);

    private static ReadOnlySpan<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        return buffer.WrittenSpan;
    }

    /// <summary>Writes a text, unless there is none.</summary>
    internal static void Optional(this Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Writes which attachment is meant, into an object.</summary>
    internal static void Attachment(this Utf8JsonWriter writer, string network, string containerId, string interfaceName)
    {
        writer.WriteString("network", network);
        writer.WriteString("containerId", containerId);
        writer.WriteString("ifname", interfaceName);
    }

    /// <summary>Writes a list of texts.</summary>
    internal static void Strings(this Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
