using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Tool.Output;

/// <summary>An error, told to a person or to a program, on standard error.</summary>
internal static class ErrorReport
{
    /// <summary>The id of an error that the engine didn't foresee, and of a command line that can't be understood.</summary>
    private const string Unforeseen = "CniUnforeseen", Misused = "CniCommandLine";

    /// <summary>Standard output did not take what was written to it.</summary>
    internal static CniException Untold(string reason, string action) =>
        new(CniErrorIds.FileFailed, CniErrorCode.IOFailure, $"standard output can't be written: {reason}") { RecommendedAction = action };

    /// <summary>For a person: what failed, where, and what to do.</summary>
    internal static void Print(Exception error)
    {
        Terminal terminal = Terminal.Error;
        bool foreseen = KernelErrors.Of(error) is not null;
        terminal.Line($"{terminal.Bad("cnips:")} {(foreseen ? error.Message : error)}");
        if (error is CniException { Position: { } position })
        {
            terminal.Line($"  at {position}");
        }

        foreach (Exception part in Parts(error))
        {
            terminal.Line($"  {part.Message}");
        }

        if (KernelErrors.Of(error) is { RecommendedAction: { } action })
        {
            terminal.Line($"  {Advice.ForCommandLine(action)}");
        }
    }

    /// <summary>For a program: one JSON object, the specification's error with what CniPS knows beyond it.</summary>
    internal static void PrintJson(Exception error) => JsonOutput.Print(StandardStreams.Error, writer => Write(writer, error));

    /// <summary>Writes the same object.</summary>
    internal static void Write(Utf8JsonWriter writer, Exception error)
    {
        CniException? cni = KernelErrors.Of(error);
        writer.WriteStartObject();
        writer.WriteString("cniVersion", CniVersion.Current);
        writer.WriteString("id", cni?.ErrorId ?? (error is UsageException ? Misused : Unforeseen));
        writer.WriteNumber("code", (int)(cni?.Code ?? CniErrorCode.Internal));
        writer.WriteString("message", error.Message);
        writer.WriteString("msg", cni?.Msg ?? error.Message);
        writer.Optional("details", cni?.Details);
        writer.Optional("verb", cni?.Verb);
        writer.Optional("plugin", cni?.PluginType);
        writer.Optional("target", cni?.Target?.ToString());
        writer.Optional("position", cni?.Position?.ToString());
        writer.Optional("action", cni?.RecommendedAction is { } action ? Advice.ForCommandLine(action) : null);
        if (Parts(error) is { Count: > 0 } parts)
        {
            writer.WriteStartArray("errors");
            foreach (Exception part in parts)
            {
                Write(writer, part);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static IReadOnlyList<Exception> Parts(Exception error) => (error.InnerException as AggregateException)?.InnerExceptions ?? (IReadOnlyList<Exception>)[];
}
