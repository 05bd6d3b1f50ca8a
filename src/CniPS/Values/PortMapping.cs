using System;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS;

/// <summary>A port of the host that leads to a port of the container: an entry of the capability <c>portMappings</c>.</summary>
public sealed record PortMapping
{
    /// <summary>The port on the host.</summary>
    public ushort HostPort { get; init; }

    /// <summary>The port in the container.</summary>
    public ushort ContainerPort { get; init; }

    /// <summary>tcp, udp or sctp.</summary>
    public string Protocol { get; init; } = "tcp";

    /// <summary>The host's address; null for all of them.</summary>
    public IPAddress? HostIP { get; init; }

    /// <summary>Reads <c>[ADDRESS:]HOSTPORT:CONTAINERPORT[/PROTOCOL]</c>; an IPv6 address stands in brackets.</summary>
    /// <param name="text">For example <c>8080:80</c>, <c>53:53/udp</c>, <c>127.0.0.1:8080:80/tcp</c>, <c>[::1]:8080:80</c>.</param>
    /// <exception cref="FormatException">It is no port mapping.</exception>
    public static PortMapping Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/');
        string protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        string ports = slash < 0 ? text : text[..slash];
        int second = ports.LastIndexOf(':');
        int first = second <= 0 ? -1 : ports.LastIndexOf(':', second - 1);
        IPAddress? address = null;
        return second > 0
            && protocol is "tcp" or "udp" or "sctp"
            && (first < 0 || IpText.TryParse(Unbracket(ports.AsSpan(0, first)), out address))
            && TryPort(ports.AsSpan((first + 1)..second), out ushort hostPort)
            && TryPort(ports.AsSpan(second + 1), out ushort containerPort)
            ? new PortMapping { HostPort = hostPort, ContainerPort = containerPort, Protocol = protocol, HostIP = address }
            : throw new FormatException($"\"{text}\" is no port mapping: write HOSTPORT:CONTAINERPORT/PROTOCOL, such as 8080:80/tcp.");
    }

    /// <summary>The mapping as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        string address = HostIP is null ? "" : HostIP.ToString().Contains(':') ? $"[{HostIP}]:" : $"{HostIP}:";
        return string.Create(CultureInfo.InvariantCulture, $"{address}{HostPort}:{ContainerPort}/{Protocol}");
    }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("hostPort", HostPort);
        writer.WriteNumber("containerPort", ContainerPort);
        writer.WriteString("protocol", Protocol);
        if (HostIP is not null)
        {
            writer.WriteString("hostIP", HostIP.ToString());
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<char> Unbracket(ReadOnlySpan<char> address) =>
        address.Length > 2 && address[0] == '[' && address[^1] == ']' ? address[1..^1] : address;

    private static bool TryPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;
}
