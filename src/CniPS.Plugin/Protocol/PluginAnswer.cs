using System;
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Plugin.Protocol;

/// <summary>What a plugin program leaves behind.</summary>
/// <param name="ExitCode">0, or 1 for an error.</param>
/// <param name="Output">For standard output: a result, a version or an error.</param>
/// <param name="ErrorText">For standard error.</param>
internal sealed record PluginAnswer(int ExitCode, ReadOnlyMemory<byte> Output, string ErrorText = "")
{
    /// <summary>Done, and nothing to say.</summary>
    internal static PluginAnswer Nothing { get; } = new(0, ReadOnlyMemory<byte>.Empty);

    /// <summary>An error as the Go plugins print it (SPEC, section 5, "Error").</summary>
    internal static PluginAnswer Failure(CniErrorCode code, string message, string? details = null)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", (int)code);
            writer.WriteString("msg", message);
            if (!string.IsNullOrEmpty(details))
            {
                writer.WriteString("details", details);
            }

            writer.WriteEndObject();
        }

        return new PluginAnswer(1, JsonLayout.Indent(buffer.WrittenSpan));
    }
}
