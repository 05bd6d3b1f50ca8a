using System.Collections.Generic;
using System.Text.Json;
using CniPS.Exposure;
using CniPS.Plugin.Interop;

namespace CniPS.Tool.Output;

/// <summary>What can reach what, for a person and for a program.</summary>
internal static class ExposureOutput
{
    internal static void Print(IReadOnlyList<ExposureFinding> findings)
    {
        Table table = new("KIND", "FROM", "TO", "PORT", "OPEN", "HOW, OR WHY NOT");
        foreach (ExposureFinding finding in findings)
        {
            table.Add(Kind(finding), finding.From, finding.To, finding.HostPort ?? "", finding.IsOpen switch { true => "yes", false => "no", null => "?" }, finding.Reason);
        }

        table.Print(Terminal.Out);
    }

    internal static void PrintJson(IReadOnlyList<ExposureFinding> findings) => JsonOutput.Print(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("exposure");
        foreach (ExposureFinding finding in findings)
        {
            Write(writer, finding);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, ExposureFinding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", Kind(finding));
        writer.WriteString("from", finding.From);
        writer.WriteString("to", finding.To);
        if (finding.IsOpen is { } isOpen)
        {
            writer.WriteBoolean("open", isOpen);
        }
        else
        {
            writer.WriteNull("open");
        }

        writer.WriteString("reason", finding.Reason);
        foreach ((string name, string? value) in ((string, string?)[])[("network", finding.Network), ("containerId", finding.ContainerId), ("hostPort", finding.HostPort), ("advice", finding.Advice)])
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }

        writer.WriteEndObject();
    }

    private static string Kind(ExposureFinding finding) => finding.Kind.ToString().ToLowerInvariant();
}
