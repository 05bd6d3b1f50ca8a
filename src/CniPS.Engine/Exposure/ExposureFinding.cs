namespace CniPS.Exposure;

/// <summary>What kind of thing is open.</summary>
public enum ExposureKind
{
    /// <summary>A port of the host that leads to a container.</summary>
    Port,

    /// <summary>A container that others on the host's networks reach by its own address.</summary>
    Lan,

    /// <summary>How a network's containers reach what is outside.</summary>
    Outbound,

    /// <summary>Whether a network, or the host, reaches a network.</summary>
    Isolation,

    /// <summary>What lets containers pass for others.</summary>
    Spoofing,
}

/// <summary>One thing that is open, or is not.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="From">Who reaches: a network, a container, <c>host</c>, <c>outside</c>.</param>
/// <param name="To">Whom: the same.</param>
/// <param name="IsOpen">Whether it is; null where it can't be told.</param>
/// <param name="Reason">By what, or why not.</param>
public sealed record ExposureFinding(ExposureKind Kind, string From, string To, bool? IsOpen, string Reason)
{
    /// <summary>The word for the host.</summary>
    public const string Host = "host";

    /// <summary>The word for all that is not on this machine.</summary>
    public const string Outside = "outside";

    /// <summary>The network that it is about; null for none.</summary>
    public string? Network { get; init; }

    /// <summary>The container that it is about; null for a whole network.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Of a port: the host's; else null.</summary>
    public ushort? Port { get; init; }

    /// <summary>Of a port: its protocol; else null.</summary>
    public string? Protocol { get; init; }

    /// <summary>Of a port: the host's, with its protocol and the address that it is open on: <c>8080/tcp</c>, <c>127.0.0.1:5353/udp</c>; else null.</summary>
    public string? HostPort { get; init; }

    /// <summary>What would close it; null where it is closed, or is meant to be open.</summary>
    public string? Advice { get; init; }
}
