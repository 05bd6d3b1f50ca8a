using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using CniPS.Observation;

namespace CniPS.Tool.Output;

/// <summary>What attachments have received and sent, for a person and for a program.</summary>
internal static class TrafficOutput
{
    /// <summary>Prints a reading as a table: of counts, or of what passed in a second where that is known.</summary>
    internal static void Print(IReadOnlyList<TrafficReading> readings, bool byNetwork)
    {
        bool hasRates = false;
        foreach (TrafficReading reading in readings)
        {
            hasRates |= reading.ReceivedPerSecond is not null;
        }

        string[] whose = byNetwork ? ["NETWORK", "ATTACHMENTS"] : ["NETWORK", "CONTAINER", "INTERFACE"];
        string unit = hasRates ? "/S" : "";
        Table table = new([.. whose, "PACKETS IN" + unit, "PACKETS OUT" + unit, "BYTES IN" + unit, "BYTES OUT" + unit, "DROPS" + unit, "CONNECTIONS"]);
        foreach (TrafficReading reading in readings)
        {
            string[] who = reading.Attachment is { } attachment
                ? [reading.Network, attachment.ContainerId, attachment.InterfaceName]
                : [reading.Network, Text(reading.Attachments)];
            table.Add([.. who, .. Columns(reading, hasRates), Text(reading.Connections)]);
        }

        table.Print(Terminal.Out);
    }

    /// <summary>Writes a reading as an object.</summary>
    internal static void Write(Utf8JsonWriter writer, TrafficReading reading)
    {
        writer.WriteStartObject();
        writer.WriteString("time", reading.Time);
        if (reading.Attachment is { } attachment)
        {
            writer.Attachment(reading.Network, attachment.ContainerId, attachment.InterfaceName);
        }
        else
        {
            writer.WriteString("network", reading.Network);
            writer.WriteNumber("attachments", reading.Attachments);
        }

        Write(writer, "in", reading.Received.Packets, reading.Received.Bytes, reading.Received.Drops, reading.Received.Errors);
        Write(writer, "out", reading.Sent.Packets, reading.Sent.Bytes, reading.Sent.Drops, reading.Sent.Errors);
        Write(writer, "inPerSecond", reading.ReceivedPerSecond);
        Write(writer, "outPerSecond", reading.SentPerSecond);
        writer.WriteNumber("connections", reading.Connections);
        if (reading.ConnectionBytes is { } bytes)
        {
            writer.WriteNumber("connectionBytes", bytes);
        }

        writer.WriteEndObject();
    }

    private static string[] Columns(TrafficReading reading, bool hasRates)
    {
        if (!hasRates)
        {
            return
            [
                Text(reading.Received.Packets), Text(reading.Sent.Packets), Text(reading.Received.Bytes), Text(reading.Sent.Bytes),
                Text(reading.Received.Drops + reading.Sent.Drops),
            ];
        }

        (TrafficRate? received, TrafficRate? sent) = (reading.ReceivedPerSecond, reading.SentPerSecond);
        return [Text(received?.Packets), Text(sent?.Packets), Text(received?.Bytes), Text(sent?.Bytes), Text(received?.Drops + sent?.Drops)];
    }

    // What has come since the reading before has no rate yet.
    private static string Text(double? rate) => rate is { } known ? Math.Round(known).ToString("0", CultureInfo.InvariantCulture) : "-";

    private static string Text(ulong count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, string name, TrafficRate? rate)
    {
        if (rate is { } known)
        {
            Write(writer, name, Rounded(known.Packets), Rounded(known.Bytes), Rounded(known.Drops), Rounded(known.Errors));
        }
    }

    private static decimal Rounded(double rate) => Math.Round((decimal)rate, 1);

    private static void Write(Utf8JsonWriter writer, string name, decimal packets, decimal bytes, decimal drops, decimal errors)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("packets", packets);
        writer.WriteNumber("bytes", bytes);
        writer.WriteNumber("drops", drops);
        writer.WriteNumber("errors", errors);
        writer.WriteEndObject();
    }
}
