using System;
using System.Net;

namespace CniPS.Linux.Probe;

/// <summary>What is sent.</summary>
public enum ProbeProtocol : byte
{
    /// <summary>An echo request of ICMP or ICMPv6.</summary>
    Icmp = 1,

    /// <summary>A SYN, which no socket stands behind: the kernel answers what answers it with RST, and no connection stays.</summary>
    Tcp = 6,

    /// <summary>A datagram.</summary>
    Udp = 17,
}

/// <summary>A packet to be sent.</summary>
/// <param name="Destination">Where it goes; its scope is the interface's index where it is a link-local IPv6 address.</param>
/// <param name="Protocol">What it is.</param>
/// <param name="Port">Of TCP and UDP: the port it goes to.</param>
public sealed record ProbePacket(IPAddress Destination, ProbeProtocol Protocol = ProbeProtocol.Icmp, ushort Port = 0)
{
    /// <summary>The address it comes from; null for the one that the route says. One that the namespace doesn't have is refused.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The interface it must leave by (SO_BINDTODEVICE); null for the one that the route says.</summary>
    public string? Interface { get; init; }

    /// <summary>Its mark in the namespace it is sent from (SO_MARK); 0 for none.</summary>
    public uint Mark { get; init; }

    /// <summary>
    /// Its length with IP's header, in bytes, as an MTU counts; 0 for what the protocol needs, below which it never is. A SYN that is longer carries data, which
    /// whoever listens may leave unanswered.
    /// </summary>
    public int Size { get; init; }

    /// <summary>Whether it must not be cut in pieces, whatever MTUs are known of the way: IPv4's DF; IPv6's routers never do.</summary>
    public bool DontFragment { get; init; }

    /// <summary>How many routers it may pass, and one (TTL, hop limit); 0 for the namespace's default.</summary>
    public byte HopLimit { get; init; }

    /// <summary>
    /// Of UDP: what it carries, in the place of something random and of <see cref="Size"/>. The trace knows it by its first eight bytes, so these should be
    /// no others'.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    internal bool IsV6 => Destination.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
}
