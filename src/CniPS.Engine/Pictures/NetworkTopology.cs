using System;
using System.Collections.Generic;
using System.Linq;

namespace CniPS.Pictures;

/// <summary>The networks of a machine's containers, as a picture shows them; everything in it is sorted, so that the same makes the same picture.</summary>
public sealed record NetworkTopology
{
    /// <summary>The id of what is outside the host.</summary>
    public const string Outside = "outside";

    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>The host's interfaces without loopback, sorted by name.</summary>
    public IReadOnlyList<TopologyLink> Links { get; init; } = [];

    /// <summary>The containers' namespaces, sorted by name.</summary>
    public IReadOnlyList<TopologyNamespace> Namespaces { get; init; } = [];

    /// <summary>The lines.</summary>
    public IReadOnlyList<TopologyConnection> Connections { get; init; } = [];

    /// <summary>What could not be looked at, and why.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>All interfaces: the host's, then the containers'.</summary>
    public IEnumerable<TopologyLink> AllLinks => Links.Concat(Namespaces.SelectMany(ns => ns.Links));

    /// <summary>Whether anything would be made or removed by a plan.</summary>
    public bool HasPlan =>
        Connections.Any(line => line.Standing != PictureStanding.Present)
        || AllLinks.Any(link => link.Standing != PictureStanding.Present || link.Facts.Any(fact => fact.Standing != PictureStanding.Present));

    /// <summary>Whether a path is marked in it.</summary>
    public bool HasPath => AllLinks.Any(link => link.IsOnPath);

    /// <summary>This picture with what a plan would make of it.</summary>
    /// <param name="planned">The picture after the plan.</param>
    public NetworkTopology With(NetworkTopology planned)
    {
        ArgumentNullException.ThrowIfNull(planned);
        return TopologyComparison.Merge(this, planned);
    }
}
