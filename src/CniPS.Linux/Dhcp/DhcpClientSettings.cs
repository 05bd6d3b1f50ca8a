using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Linux.Dhcp;

/// <summary>How a client introduces itself, and how patient it is.</summary>
public sealed record DhcpClientSettings
{
    /// <summary>The interface's link-layer address.</summary>
    public required MacAddress Mac { get; init; }

    /// <summary>The client identifier (option 61), type octet included.</summary>
    public required byte[] ClientId { get; init; }

    /// <summary>Options that go with each DISCOVER and REQUEST; an option 61 takes the place of <see cref="ClientId"/> everywhere.</summary>
    public IReadOnlyList<KeyValuePair<byte, byte[]>> Provided { get; init; } = [];

    /// <summary>The options asked for (option 55); none is sent where it is empty.</summary>
    public IReadOnlyList<byte> Requested { get; init; } = [];

    /// <summary>The address that the client would like; null where any will do.</summary>
    public IPAddress? Wanted { get; init; }

    /// <summary>Whether servers have to answer by broadcast.</summary>
    public bool Broadcast { get; init; }

    /// <summary>How long a server's word is waited for after its offer was taken; then the client looks for servers again.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two messages.</summary>
    public TimeSpan ResendMax { get; init; } = TimeSpan.FromSeconds(62);

    /// <summary>How long a first lease is tried for in all.</summary>
    public TimeSpan ResendTimeout { get; init; } = TimeSpan.FromSeconds(208);
}
