using System;
using System.Net;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Runtime;

namespace CniPS;

/// <summary>An address that host-local has given out.</summary>
public sealed class CniLease : IComparable<CniLease>, IComparable
{
    internal CniLease(HeldAddress held, CniAttachment? attachment, IpPrefix? prefix, string cachePath)
    {
        Network = held.Network;
        Address = held.Lease.Address;
        SubnetPrefix = prefix;
        ContainerId = held.Lease.ContainerId;
        Interface = held.Lease.InterfaceName;
        Holder = attachment;
        NetNS = held.Attachment?.NetNS;
        State = (held.Verdict.State switch
        {
            LifeState.Alive => CniLeaseState.InUse,
            LifeState.Gone => CniLeaseState.Stale,
            _ => CniLeaseState.Unknown,
        }).ToString();
        Reason = held.Verdict.IsAlive ? null : held.Verdict.Reason;
        Since = held.Since.LocalDateTime;
        Path = held.Path;
        CachePath = cachePath;
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The address; sorted by number.</summary>
    public string IPAddress => Address.ToString();

    /// <summary>The address with the length of its subnet's prefix; null where no configuration says which subnet that is.</summary>
    public string? Prefix => SubnetPrefix?.ToString();

    /// <summary>The container that holds it.</summary>
    public string ContainerId { get; }

    /// <summary>The interface that has it; null in a file of an old host-local.</summary>
    public string? Interface { get; }

    /// <summary>The name of the container's namespace, else its path; null where the cache does not know it.</summary>
    public string? Namespace => NetNS is null ? null : NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of the container's namespace; likewise.</summary>
    public string? NetNS { get; }

    /// <summary>Whether somebody uses it, nobody, or it can't be told: InUse, Stale, Unknown.</summary>
    public string State { get; }

    /// <summary>Whether it is proven that nobody uses it any more.</summary>
    public bool IsStale => State == nameof(CniLeaseState.Stale);

    /// <summary>Why nobody does, or why it can't be told; null where somebody does.</summary>
    public string? Reason { get; }

    /// <summary>When it was given out.</summary>
    public DateTime Since { get; }

    /// <summary>The attachment that holds it; null where the cache knows none.</summary>
    public string? Attachment => Holder?.ToString();

    /// <summary>Its file.</summary>
    public string Path { get; }

    /// <summary>The folder of the cache that was asked.</summary>
    public string CachePath { get; }

    /// <summary>The address.</summary>
    internal IPAddress Address { get; }

    /// <summary>The address in its subnet.</summary>
    internal IpPrefix? SubnetPrefix { get; }

    /// <summary>The attachment that holds it.</summary>
    internal CniAttachment? Holder { get; }

    /// <summary>By network, then by address, as numbers.</summary>
    public int CompareTo(CniLease? other) => other is null ? 1
        : Order.Of((Network, other.Network)) is not 0 and int order ? order
        : IpPrefix.Host(Address).CompareTo(IpPrefix.Host(other.Address));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The address.</summary>
    public override string ToString() => IPAddress;
}
