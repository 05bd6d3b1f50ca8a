using CniPS.Linux.Route;

namespace CniPS.Pictures;

/// <summary>What kind of fact about an interface something is.</summary>
public enum TopologyFactKind
{
    /// <summary>An address with its subnet's length.</summary>
    Address,

    /// <summary>What the interface's addresses send out of their subnets goes out in the host's name.</summary>
    Masquerade,

    /// <summary>A port of the host that leads to the interface.</summary>
    Port,
}

/// <summary>Something about an interface.</summary>
/// <param name="Kind">What kind of fact it is.</param>
/// <param name="Text">In words: <c>10.15.20.2/24</c>, <c>masquerade</c>, <c>8080/tcp → 80</c>.</param>
public sealed record TopologyFact(TopologyFactKind Kind, string Text)
{
    /// <summary>Ports only: what is open on the host, <c>127.0.0.1:8080/tcp</c>.</summary>
    public string? HostPort { get; init; }

    /// <summary>Addresses only: the address.</summary>
    public IpPrefix? Address { get; init; }

    /// <summary>How it stands to the plan.</summary>
    public PictureStanding Standing { get; init; }
}
