using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>An interface that an attachment has, in the container or on the host (SPEC, section 5, <c>interfaces</c>).</summary>
public sealed record CniInterface
{
    /// <summary>The interface's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The hardware address, as the plugin writes it; null where there is none.</summary>
    public string? Mac { get; init; }

    /// <summary>The MTU in bytes; null where it is not given (or 0). From 1.1.0 on.</summary>
    public int? Mtu { get; init; }

    /// <summary>The path of the network namespace the interface is in; null on the host.</summary>
    public string? Sandbox { get; init; }

    /// <summary>The path of a socket file (vhost-user and the like); null where there is none. From 1.1.0 on.</summary>
    public string? SocketPath { get; init; }

    /// <summary>The PCI device, as <c>0000:04:00.5</c>; null where there is none. From 1.1.0 on.</summary>
    public string? PciID { get; init; }

    /// <summary>Fields that the specification doesn't know, as they stand.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> UnknownFields { get; init; } = [];

    /// <summary>A <c>null</c> in the list, which libcni takes and passes on: it has no name, and is written as <c>null</c> again.</summary>
    internal static CniInterface Missing { get; } = new();

    /// <summary>The interface's name.</summary>
    public override string ToString() => Name;
}
