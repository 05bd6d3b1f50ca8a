using System.Collections.Generic;
using System.Text.Json;
using CniPS.Diagnosis;
using CniPS.Linux.Host;

namespace CniPS.Tool.Output;

/// <summary>The ways of packets, for a person and for a program.</summary>
internal static class PathOutput
{
    /// <summary>Whether every packet arrives, and its answer.</summary>
    internal static bool IsReachable(IReadOnlyList<PathReport> reports)
    {
        bool all = true;
        foreach (PathReport report in reports)
        {
            all &= report.IsReachable;
        }

        return all;
    }

    /// <summary>Prints each way: a line a hop, then each cause with what mends it.</summary>
    internal static void Print(IReadOnlyList<PathReport> reports)
    {
        Terminal terminal = Terminal.Out;
        for (int i = 0; i < reports.Count; i++)
        {
            if (i > 0)
            {
                terminal.Line();
            }

            Print(terminal, reports[i]);
        }
    }

    /// <summary>Writes all ways as an object.</summary>
    internal static void Write(Utf8JsonWriter writer, IReadOnlyList<PathReport> reports)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("reachable", IsReachable(reports));
        writer.WriteStartArray("paths");
        foreach (PathReport report in reports)
        {
            Write(writer, report);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Print(Terminal terminal, PathReport report)
    {
        string outcome = report.IsReachable ? terminal.Good("reaches") : terminal.Bad("does not reach");
        terminal.Line($"{Name(report.From, report.Source)} {outcome} {Name(report.To, report.Destination)}");
        Table table = new("WAY", "NAMESPACE", "INTERFACE", "STAGE", "VERDICT", "DECISION");
        foreach (Hop hop in report.Hops)
        {
            table.Add(hop.Way, hop.Namespace, hop.Interface.Length > 0 ? hop.Interface : "-", hop.Stage, Word(hop.Verdict), hop.Decision);
        }

        table.Print(terminal);
        foreach (Cause cause in report.Causes)
        {
            terminal.Line($"{terminal.Bad(cause.ErrorId)}: {cause.Message}");
            terminal.Line($"  {terminal.Command(Advice.ForCommandLine(cause.Advice))}");
        }
    }

    private static string Name(string end, System.Net.IPAddress? address) => address is null || address.ToString() == end ? end : $"{end} ({address})";

    private static string Word(HopVerdict verdict) => verdict switch
    {
        HopVerdict.Passed => "passed",
        HopVerdict.Warned => "warned",
        HopVerdict.Dropped => "dropped",
        _ => "unknown",
    };

    private static void Write(Utf8JsonWriter writer, PathReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("from", report.From);
        writer.WriteString("to", report.To);
        writer.Optional("source", report.Source?.ToString());
        writer.Optional("destination", report.Destination?.ToString());
        writer.WriteBoolean("reachable", report.IsReachable);
        writer.WriteStartArray("hops");
        foreach (Hop hop in report.Hops)
        {
            writer.WriteStartObject();
            writer.WriteString("way", hop.Way);
            writer.WriteString("namespace", hop.Namespace);
            writer.Optional("interface", hop.Interface);
            writer.WriteString("stage", hop.Stage);
            writer.WriteString("verdict", Word(hop.Verdict));
            writer.WriteString("decision", hop.Decision);
            writer.Optional("evidence", hop.Evidence);
            writer.Optional("packet", hop.Packet);
            writer.Optional("cause", hop.Cause?.ErrorId);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("causes");
        foreach (Cause cause in report.Causes)
        {
            Write(writer, cause);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Cause cause)
    {
        writer.WriteStartObject();
        writer.WriteString("id", cause.ErrorId);
        writer.WriteString("namespace", cause.Namespace);
        writer.WriteString("message", cause.Message);
        writer.WriteString("action", Advice.ForCommandLine(cause.Advice));
        List<string> commands = [];
        foreach (Change change in cause.Repair)
        {
            commands.Add(change.Text);
        }

        writer.Strings("repair", commands);
        writer.WriteEndObject();
    }
}
