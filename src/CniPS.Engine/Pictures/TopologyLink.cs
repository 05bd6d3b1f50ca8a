using System.Collections.Generic;

namespace CniPS.Pictures;

/// <summary>What an interface is to the picture.</summary>
public enum TopologyRole
{
    /// <summary>An interface of the host by which it reaches the world: a default route leaves by it, or it is hardware.</summary>
    Uplink,

    /// <summary>A bridge of the host.</summary>
    Bridge,

    /// <summary>An end of a veth pair, on the host.</summary>
    Veth,

    /// <summary>Any other interface of the host.</summary>
    Other,

    /// <summary>An interface of a container.</summary>
    Interface,
}

/// <summary>An interface.</summary>
public sealed record TopologyLink
{
    /// <summary>What tells it from the others: <c>host/cni0</c>, <c>blue/eth0</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is to the picture.</summary>
    public TopologyRole Role { get; init; }

    /// <summary>The kernel's word for its kind, such as <c>veth</c>; null for hardware.</summary>
    public string? Kind { get; init; }

    /// <summary>The link-layer address; null where there is none, or a plan can't know it.</summary>
    public string? Mac { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>Whether it is up.</summary>
    public bool IsUp { get; init; }

    /// <summary>The network it is attached to, where the cache knows.</summary>
    public string? Network { get; init; }

    /// <summary>The container whose attachment it is, where the cache knows.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Addresses, masquerading, ports; in this order, each kind sorted.</summary>
    public IReadOnlyList<TopologyFact> Facts { get; init; } = [];

    /// <summary>Whether it is on the path that the picture shows (<see cref="TopologyPath"/>).</summary>
    public bool IsOnPath { get; init; }

    /// <summary>How it stands to the plan.</summary>
    public PictureStanding Standing { get; init; }
}
