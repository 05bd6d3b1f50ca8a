namespace CniPS.Pictures;

/// <summary>In what way two parts of a picture are connected.</summary>
public enum TopologyConnectionKind
{
    /// <summary>From a bridge (or other master) to its port.</summary>
    Port,

    /// <summary>From the host's end of a veth pair to the container's; where neither is the host's, from one to the other.</summary>
    Pair,

    /// <summary>From an interface of the host to one that is made on it: macvlan, ipvlan, VLAN.</summary>
    On,

    /// <summary>From the outside to an interface by which the host reaches it.</summary>
    Uplink,

    /// <summary>From where masqueraded packets come into the host, to where they leave it.</summary>
    Masquerade,
}

/// <summary>A line of the picture.</summary>
/// <param name="From">The id of one end.</param>
/// <param name="To">The id of the other.</param>
/// <param name="Kind">In what way they are connected.</param>
public sealed record TopologyConnection(string From, string To, TopologyConnectionKind Kind)
{
    /// <summary>Whether it is on the path that the picture shows.</summary>
    public bool IsOnPath { get; init; }

    /// <summary>How it stands to the plan.</summary>
    public PictureStanding Standing { get; init; }
}
