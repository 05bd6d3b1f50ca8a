using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Runtime;

/// <summary>An interface and who it belongs to: the container's end and the host's, and the attachment that made them.</summary>
public sealed record InterfaceEnds
{
    /// <summary>The interface in a container's namespace; null where there is none, as for a link that leads nowhere.</summary>
    public Link? Inside { get; init; }

    /// <summary>The container's namespace.</summary>
    public NamespaceEntry? Namespace { get; init; }

    /// <summary>The interface on the host: the other end of a veth, or what a macvlan, ipvlan or VLAN is on; null where it isn't there.</summary>
    public Link? Outside { get; init; }

    /// <summary>The bridge (or other master) that the host's interface is a port of.</summary>
    public Link? Master { get; init; }

    /// <summary>The attachment in the cache whose interface it is.</summary>
    public CachedAttachment? Attachment { get; init; }
}
