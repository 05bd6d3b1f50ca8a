using System;
using CniPS.Facts;
using CniPS.Linux.Dhcp;
using CniPS.Plugins.Ipam;

namespace CniPS;

/// <summary>A lease that a dhcp daemon keeps, as it was at the moment of asking.</summary>
public sealed class CniDhcpLease : IComparable<CniDhcpLease>, IComparable
{
    internal CniDhcpLease(DhcpLeaseInfo lease)
    {
        Network = lease.Network;
        ContainerId = lease.ContainerId;
        Interface = lease.Interface;
        Namespace = lease.NetNS;
        State = lease.State;
        Address = lease.Address;
        Server = lease.Server;
        Expires = lease.Expires?.LocalDateTime;
    }

    /// <summary>The network.</summary>
    public string Network { get; }

    /// <summary>The container's id.</summary>
    public string ContainerId { get; }

    /// <summary>The interface.</summary>
    public string Interface { get; }

    /// <summary>The path of the container's namespace.</summary>
    public string Namespace { get; }

    /// <summary>What the client is at, in the words of RFC 2131.</summary>
    public DhcpState State { get; }

    /// <summary>The address with its subnet's length; null before there is one.</summary>
    public string? Address { get; }

    /// <summary>The server that gave it.</summary>
    public string? Server { get; }

    /// <summary>When the lease ends unless it is prolonged; null where it has no end.</summary>
    public DateTime? Expires { get; }

    /// <summary>By network, container and interface.</summary>
    public int CompareTo(CniDhcpLease? other) => other is null ? 1
        : Order.Of((Network, other.Network), (ContainerId, other.ContainerId), (Interface, other.Interface));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Network, container and interface.</summary>
    public override string ToString() => $"{Network}/{ContainerId}/{Interface}";
}
