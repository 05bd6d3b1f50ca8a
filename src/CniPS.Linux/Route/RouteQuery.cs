using System.Net;

namespace CniPS.Linux.Route;

/// <summary>The question where a packet goes (RTM_GETROUTE).</summary>
/// <param name="Destination">Where it is sent.</param>
public sealed record RouteQuery(IPAddress Destination)
{
    /// <summary>Whom it is from; null lets the kernel choose.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The link it has come in by; 0 for a packet that begins here.</summary>
    public int InputLink { get; init; }

    /// <summary>The link by which it must leave, as of a socket that is bound to one; 0 for any.</summary>
    public int OutputLink { get; init; }

    /// <summary>Its mark.</summary>
    public uint Mark { get; init; }

    /// <summary>The protocol above IP; 0 for any.</summary>
    public byte Protocol { get; init; }

    /// <summary>The port it is sent to; 0 for none.</summary>
    public ushort DestinationPort { get; init; }
}
