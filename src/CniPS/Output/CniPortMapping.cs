using System;
using System.Net;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Ports;

namespace CniPS;

/// <summary>A port of the host that leads, or is to lead, to a container.</summary>
public sealed class CniPortMapping : IComparable<CniPortMapping>, IComparable
{
    internal CniPortMapping(HostPort port, string cachePath)
    {
        Port = port;
        NetNS = port.Attachment?.NetNS;
        CachePath = cachePath;
    }

    /// <summary>The one address of the host that it is open on; null for all.</summary>
    public string? HostIP => Port.HostAddress?.ToString();

    /// <summary>The host's port.</summary>
    public ushort HostPort => Port.Port;

    /// <summary>tcp, udp or sctp.</summary>
    public string Protocol => PortWords.Of(Port.Protocol);

    /// <summary>The container's address.</summary>
    public string IPAddress => Port.Target.Address.ToString();

    /// <summary>The container's port.</summary>
    public ushort ContainerPort => (ushort)Port.Target.Port;

    /// <summary>The container's id, as its rules or the cache name it; null where neither does.</summary>
    public string? ContainerId => Port.ContainerId;

    /// <summary>The network's name; likewise.</summary>
    public string? Network => Port.Network;

    /// <summary>The interface's name in the container; likewise.</summary>
    public string? Interface => Port.Interface;

    /// <summary>The name of the container's namespace, else its path; null where the cache does not know it.</summary>
    public string? Namespace => NetNS is null ? null : NamedNamespaces.NameOf(NetNS) ?? NetNS;

    /// <summary>The path of the container's namespace; likewise.</summary>
    public string? NetNS { get; }

    /// <summary>Whether the rules are there: what comes to the port is sent to the container.</summary>
    public bool IsActive => Port.IsServed;

    /// <summary>Whose rules they are: CniPS, Portmap (as the Go plugin makes them), Netavark (podman's own), Other; null where there are none.</summary>
    public string? Maker => Port.Maker?.ToString();

    /// <summary>What they are made with: Nftables, Iptables; null where there are none.</summary>
    public string? Backend => Port.Backend?.ToString();

    /// <summary>The folder of the cache that was asked.</summary>
    public string CachePath { get; }

    /// <summary>The mapping.</summary>
    internal HostPort Port { get; }

    /// <summary>By port and protocol, then by the container's address.</summary>
    public int CompareTo(CniPortMapping? other) => other is null ? 1
        : HostPort.CompareTo(other.HostPort) is not 0 and int order ? order
        : Order.Of((Protocol, other.Protocol), (HostIP, other.HostIP), (IPAddress, other.IPAddress));

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The mapping as <c>127.0.0.1:8080/tcp → 10.1.0.2:80</c>.</summary>
    public override string ToString() =>
        $"{(Port.HostAddress is { } at ? new IPEndPoint(at, HostPort) : HostPort)}/{Protocol} → {Port.Target}";
}
