using System.Collections.Generic;

namespace CniPS.Pictures;

/// <summary>A network namespace: a container, to the picture.</summary>
/// <param name="Id">What tells it from the others.</param>
/// <param name="Name">Its name; that of its container or its path where it has none.</param>
/// <param name="Path">A file by which it can be opened.</param>
/// <param name="Links">Its interfaces without loopback, sorted by name.</param>
public sealed record TopologyNamespace(string Id, string Name, string Path, IReadOnlyList<TopologyLink> Links)
{
    /// <summary>How many containers it stands for that are not shown (<see cref="TopologyFold"/>); 0 for one that is a container itself.</summary>
    public int Hidden { get; init; }

    /// <summary>How many ports of the host lead to these.</summary>
    public int HiddenPorts { get; init; }
}
