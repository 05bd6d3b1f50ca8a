using System;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Whose an interface is: both ends, the container's namespace and processes, and the attachment.</summary>
public sealed class CniInterfaceOwner : IComparable<CniInterfaceOwner>, IComparable
{
    internal CniInterfaceOwner(InterfaceEnds ends, CniAttachment? attachment)
    {
        HostInterface = ends.Outside?.Name;
        Bridge = ends.Master?.Name;
        Interface = ends.Inside?.Name;
        Kind = (ends.Inside ?? ends.Outside)?.Kind;
        Mac = ends.Inside?.Mac?.ToString();
        HostMac = ends.Outside?.Mac?.ToString();
        NetNS = ends.Namespace?.Path;
        ProcessId = (ends.Namespace?.Processes ?? []).ToCniList();
        Owner = attachment;
    }

    /// <summary>The interface on the host; null where there is none, or where it is in a third namespace.</summary>
    public string? HostInterface { get; }

    /// <summary>The bridge (or other master) that the host's interface is a port of.</summary>
    public string? Bridge { get; }

    /// <summary>The interface in the container; null where the host's leads nowhere.</summary>
    public string? Interface { get; }

    /// <summary>The name of the container's namespace, else its path.</summary>
    public string? Namespace => NetNS is null ? null : NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of the container's namespace.</summary>
    public string? NetNS { get; }

    /// <summary>The container's id, where an attachment is known.</summary>
    public string? ContainerId => Owner?.ContainerId;

    /// <summary>The network's name, where an attachment is known.</summary>
    public string? Network => Owner?.Network;

    /// <summary>The attachment that the cache knows.</summary>
    public string? Attachment => Owner?.ToString();

    /// <summary>The processes in the container's namespace.</summary>
    public CniList<int> ProcessId { get; }

    /// <summary>The kind of the interface: veth, macvlan, ...; null for hardware.</summary>
    public string? Kind { get; }

    /// <summary>The MAC address of the container's interface.</summary>
    public string? Mac { get; }

    /// <summary>The MAC address of the host's interface.</summary>
    public string? HostMac { get; }

    /// <summary>The attachment.</summary>
    internal CniAttachment? Owner { get; }

    /// <inheritdoc/>
    public int CompareTo(CniInterfaceOwner? other)
    {
        int order = string.CompareOrdinal(HostInterface, other?.HostInterface);
        order = order != 0 ? order : string.CompareOrdinal(Namespace, other?.Namespace);
        return order != 0 ? order : string.CompareOrdinal(Interface, other?.Interface);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Both ends, and whose they are.</summary>
    public override string ToString()
    {
        string inside = Interface is null ? "nobody's" : $"{Interface} in {Namespace}";
        return $"{HostInterface ?? "(no interface of the host)"}: {inside}{(Attachment is null ? "" : $", {Attachment}")}";
    }
}
