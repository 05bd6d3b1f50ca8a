using System;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Interop;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>A packet at one place of its way, as rules see it.</summary>
public sealed record FilteredPacket
{
    /// <summary>Whom it is from.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>To whom it goes.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>The protocol above IP: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6.</summary>
    public required byte Protocol { get; init; }

    /// <summary>The port it is from; of ICMP the identifier.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The port it goes to.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>Its mark.</summary>
    public uint Mark { get; init; }

    /// <summary>Its length in bytes, with the header of IP.</summary>
    public int Length { get; init; } = 84;

    /// <summary>What it is to its connection.</summary>
    public NftConnectionStates State { get; init; } = NftConnectionStates.New;

    /// <summary>Whether it answers.</summary>
    public bool IsReply { get; init; }

    /// <summary>Whom the connection's first packet was from, before anything was translated; null where that is <see cref="Source"/>.</summary>
    public IPEndPoint? OriginalSource { get; init; }

    /// <summary>To whom the connection's first packet went, before anything was translated; null where that is <see cref="Destination"/>.</summary>
    public IPEndPoint? OriginalDestination { get; init; }

    /// <summary>Whether the connection's source was translated.</summary>
    public bool IsSourceTranslated { get; init; }

    /// <summary>Whether the connection's destination was translated.</summary>
    public bool IsDestinationTranslated { get; init; }

    /// <summary>The link it has come in by; null for one that begins here.</summary>
    public Link? Input { get; init; }

    /// <summary>The link it goes out by; null where that isn't decided, or it is for this namespace.</summary>
    public Link? Output { get; init; }

    /// <summary>The link-layer address it is from; null where it has none yet.</summary>
    public MacAddress? SourceMac { get; init; }

    /// <summary>The link-layer address it goes to.</summary>
    public MacAddress? DestinationMac { get; init; }

    /// <summary>What an address is to the namespace it is in.</summary>
    public Func<IPAddress, RouteType> TypeOf { get; init; } = static _ => RouteType.Unknown;

    /// <summary>By which link the namespace would send something to an address; 0 for none, null where it isn't known.</summary>
    public Func<IPAddress, int?> LinkTo { get; init; } = static _ => null;

    /// <summary>Whether it is of IPv6.</summary>
    public bool IsV6 => Destination.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The type of its ICMP message; null for an echo or its answer.</summary>
    public byte? Message { get; init; }

    internal byte IcmpType => Message ?? (IsV6, IsReply) switch { (false, false) => 8, (false, true) => 0, (true, false) => 128, (true, true) => 129 };

    internal bool HasPorts => Protocol is Nf.IPPROTO_TCP or Nf.IPPROTO_UDP or Nf.IPPROTO_SCTP;
}
