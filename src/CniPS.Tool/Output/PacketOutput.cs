using System.Globalization;
using System.Text.Json;
using CniPS.Linux.Capture;
using CniPS.Observation;

namespace CniPS.Tool.Output;

/// <summary>Packets in short, for a person and for a program.</summary>
internal static class PacketOutput
{
    /// <summary>Prints a line: when, at which interface, which way, and what.</summary>
    internal static void Print(Terminal terminal, PacketSummary packet, CaptureTarget target)
    {
        string time = packet.Time.ToLocalTime().ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        string vlan = packet.Vlan is { } number ? $", VLAN {number}" : "";
        terminal.Line($"{terminal.Dim(time)} {target.Point.Label,-20} {Word(packet.Direction),-3}  {packet.Text}, {packet.Length} bytes{vlan}");
    }

    /// <summary>Writes a packet as an object.</summary>
    internal static void Write(Utf8JsonWriter writer, PacketSummary packet, CaptureTarget target)
    {
        writer.WriteStartObject();
        writer.WriteString("time", packet.Time);
        writer.Optional("network", target.Attachment?.Network);
        writer.Optional("containerId", target.Attachment?.ContainerId);
        writer.WriteString("ifname", target.Point.Interface);
        writer.WriteString("netns", target.Point.Namespace.Path);
        writer.WriteString("direction", Word(packet.Direction));
        writer.WriteString("protocol", packet.Protocol);
        writer.Optional("source", packet.Source?.ToString());
        Port(writer, "sourcePort", packet.SourcePort);
        writer.Optional("destination", packet.Destination?.ToString());
        Port(writer, "destinationPort", packet.DestinationPort);
        writer.Optional("flags", packet.Flags);
        writer.WriteNumber("length", packet.Length);
        Port(writer, "vlan", packet.Vlan);
        writer.WriteEndObject();
    }

    private static string Word(PacketDirection direction) => direction == PacketDirection.In ? "in" : "out";

    private static void Port(Utf8JsonWriter writer, string name, ushort? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
