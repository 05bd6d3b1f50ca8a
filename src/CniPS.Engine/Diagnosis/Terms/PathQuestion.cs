using System.Net.Sockets;

namespace CniPS.Diagnosis;

/// <summary>Whether one can reach another.</summary>
/// <param name="From">Who sends: a container, the name or path of a namespace, or <c>host</c>; null for somebody outside, who comes to a published port.</param>
/// <param name="To">To whom: the same, an address, or a name.</param>
public sealed record PathQuestion(string? From, string? To)
{
    /// <summary>As a person asks it: an empty end is none, and a port given alone is TCP's.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">To whom.</param>
    /// <param name="protocol">ICMP, TCP or UDP.</param>
    /// <param name="port">The port of TCP or UDP; 0 for none.</param>
    /// <param name="published">The port of the host; 0 for none.</param>
    public static PathQuestion Of(string? from, string? to, ProtocolType protocol, ushort port, ushort published) =>
        new(string.IsNullOrEmpty(from) ? null : from, string.IsNullOrEmpty(to) ? null : to)
        {
            Protocol = protocol == ProtocolType.Icmp && (port != 0 || published != 0) ? ProtocolType.Tcp : protocol,
            Port = port,
            Published = published == 0 ? null : published,
        };

    /// <summary>The protocol: ICMP, TCP or UDP.</summary>
    public ProtocolType Protocol { get; init; } = ProtocolType.Icmp;

    /// <summary>The port of TCP or UDP.</summary>
    public ushort Port { get; init; }

    /// <summary>Whether a real packet is sent as well, and followed; else all is only read.</summary>
    public bool Probes { get; init; }

    /// <summary>Whether name servers are asked who a name is, by packets of their own.</summary>
    public bool AsksNames { get; init; } = true;

    /// <summary>The port of the host that is to lead to a container.</summary>
    public ushort? Published { get; init; }
}
