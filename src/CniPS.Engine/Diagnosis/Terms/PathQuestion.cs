using System.Net.Sockets;

namespace CniPS.Diagnosis;

/// <summary>Whether one can reach another.</summary>
/// <param name="From">Who sends: a container, the name or path of a namespace, or <c>host</c>; null for somebody outside, who comes to a published port.</param>
/// <param name="To">To whom: the same, an address, or a name.</param>
public sealed record PathQuestion(string? From, string? To)
{
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
