using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Spec;
using CniPS.Tool.Interop;

namespace CniPS.Tool.Output;

/// <summary>An error, told to a person or to a program, on standard error.</summary>
internal static class ErrorReport
{
    /// <summary>For a person: what failed, where, and what to do.</summary>
    internal static void Print(Exception error)
    {
        Terminal terminal = Terminal.Error;
        bool foreseen = error is CniException or LinuxException or ChangeException or IOException or UnauthorizedAccessException;
        terminal.Line($"{terminal.Bad("cnips:")} {(foreseen ? error.Message : error)}");
        if (error is CniException { Position: { } position })
        {
            terminal.Line($"  at {position}");
        }

        foreach (Exception part in (error.InnerException as AggregateException)?.InnerExceptions ?? (IReadOnlyList<Exception>)[])
        {
            terminal.Line($"  {part.Message}");
        }

        if (error is CniException { RecommendedAction: { } action })
        {
            terminal.Line($"  {Advice.ForCommandLine(action)}");
        }
    }

    /// <summary>For a program: one JSON object, the specification's error with what CniPS knows beyond it.</summary>
    internal static void PrintJson(Exception error)
    {
        var cni = error as CniException;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("cniVersion", CniVersion.Current);
            writer.WriteNumber("code", (int)(cni?.Code ?? CniErrorCode.Internal));
            writer.WriteString("msg", cni?.Msg ?? error.Message);
            Write(writer, "details", cni?.Details);
            Write(writer, "id", cni?.ErrorId);
            Write(writer, "verb", cni?.Verb);
            Write(writer, "plugin", cni?.PluginType);
            Write(writer, "target", cni?.Target as string ?? (cni?.Target as Change)?.Text);
            Write(writer, "position", cni?.Position?.ToString());
            Write(writer, "action", cni?.RecommendedAction is { } action ? Advice.ForCommandLine(action) : null);
            writer.WriteEndObject();
        }

        StandardStreams.Write(StandardStreams.Error, [.. JsonLayout.Indent(buffer.WrittenSpan), (byte)'\n']);
    }

    private static void Write(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }
}
