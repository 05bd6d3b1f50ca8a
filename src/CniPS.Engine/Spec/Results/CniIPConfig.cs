using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS.Spec;

/// <summary>An address that an attachment has (SPEC, section 5, <c>ips</c>).</summary>
public sealed record CniIPConfig
{
    /// <summary>
    /// The address with its prefix length, host bits kept. Null where a plugin left it out, which libcni accepts, and passes on as the text
    /// <c>&lt;nil&gt;</c>.
    /// </summary>
    public IpPrefix? Address { get; init; }

    /// <summary>The gateway of the address's subnet; null where there is none.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The place in the result's interfaces, from 0, of the interface that has the address. It is not checked.</summary>
    public int? Interface { get; init; }

    /// <summary><c>4</c> or <c>6</c> in results up to 0.4.0, as it stands there; null from 1.0.0 on.</summary>
    public string? Version { get; init; }

    /// <summary>Fields that the specification doesn't know, as they stand.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> UnknownFields { get; init; } = [];

    /// <summary>
    /// A <c>null</c> in the list, which libcni takes and passes on: it has no address, and is written as <c>null</c> again.
    /// </summary>
    internal static CniIPConfig Missing { get; } = new();

    /// <summary>The address: <c>10.15.20.2/24</c>.</summary>
    public override string ToString() => Address?.ToString() ?? "";
}
