using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS.Spec;

/// <summary>A route that an attachment has (SPEC, section 5, <c>routes</c>). The attributes behind the gateway are from 1.1.0.</summary>
public sealed record CniRoute
{
    /// <summary>
    /// The destination, host bits kept. Null where a plugin left it out, which libcni accepts, and passes on as the text
    /// <c>&lt;nil&gt;</c>: never take it for the default route.
    /// </summary>
    public IpPrefix? Destination { get; init; }

    /// <summary>The next hop; null where there is none: use the gateway of the address's subnet.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The MTU along the route, in bytes; null where it is not given (or 0).</summary>
    public int? Mtu { get; init; }

    /// <summary>The maximum segment size to advertise, in bytes; null where it is not given (or 0).</summary>
    public int? AdvMss { get; init; }

    /// <summary>The metric, lower goes first; null where it is not given (or 0). The kernel has 32 unsigned bits.</summary>
    public long? Priority { get; init; }

    /// <summary>
    /// The routing table's number; null where it is not given, which is not the same as 0. The kernel has 32 unsigned bits.
    /// </summary>
    public long? Table { get; init; }

    /// <summary>The scope's number (0 global, 253 link, 254 host); null where it is not given, which is not the same as 0.</summary>
    public int? Scope { get; init; }

    /// <summary>Fields that the specification doesn't know, as they stand.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> UnknownFields { get; init; } = [];

    /// <summary>
    /// A <c>null</c> in the list, which libcni takes and passes on: it has no destination, and is written as <c>null</c> again.
    /// </summary>
    internal static CniRoute Missing { get; } = new();

    /// <summary>The route as <c>ip route</c> writes it: <c>0.0.0.0/0 via 10.15.20.1</c>.</summary>
    public override string ToString() => Gateway is null ? $"{Destination}" : $"{Destination} via {Gateway}";
}
