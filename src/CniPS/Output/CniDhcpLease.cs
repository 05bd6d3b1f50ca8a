using System;
using System.Net;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
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
        NetNS = lease.NetNS;
        State = lease.State.ToString();
        Address = IpPrefix.TryParse(lease.Address, out IpPrefix address) ? address : null;
        ServerAddress = IpText.TryParse(lease.Server, out IPAddress? server) ? server : null;
        Expires = lease.Expires?.LocalDateTime;
    }

    /// <summary>The network.</summary>
    public string Network { get; }

    /// <summary>The container's id.</summary>
    public string ContainerId { get; }

    /// <summary>The interface.</summary>
    public string Interface { get; }

    /// <summary>The name of the container's namespace, else its path.</summary>
    public string Namespace => NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of the container's namespace.</summary>
    public string NetNS { get; }

    /// <summary>What the client is at, in the words of RFC 2131.</summary>
    public string State { get; }

    /// <summary>The address; null before there is one.</summary>
    public string? IPAddress => Address?.Address.ToString();

    /// <summary>The address with its subnet's length.</summary>
    public string? Prefix => Address?.ToString();

    /// <summary>The server that gave it.</summary>
    public string? Server => ServerAddress?.ToString();

    /// <summary>When the lease ends unless it is prolonged; null where it has no end.</summary>
    public DateTime? Expires { get; }

    /// <summary>The address in its subnet.</summary>
    internal IpPrefix? Address { get; }

    /// <summary>The server.</summary>
    internal IPAddress? ServerAddress { get; }

    /// <summary>By network, container and interface.</summary>
    public int CompareTo(CniDhcpLease? other) => other is null ? 1
        : Order.Of((Network, other.Network), (ContainerId, other.ContainerId), (Interface, other.Interface));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>Network, container and interface.</summary>
    public override string ToString() => $"{Network}/{ContainerId}/{Interface}";
}
