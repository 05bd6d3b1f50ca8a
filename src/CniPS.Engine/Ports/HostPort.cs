using System.Net;
using System.Net.Sockets;
using CniPS.Plugins;
using CniPS.Runtime;

namespace CniPS.Ports;

/// <summary>A port of the host that leads, or is to lead, to a port of a container.</summary>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="Port">The host's port.</param>
/// <param name="HostAddress">The one address of the host that it is open on; null for all.</param>
/// <param name="Target">The container's address and port.</param>
public sealed record HostPort(ProtocolType Protocol, ushort Port, IPAddress? HostAddress, IPEndPoint Target)
{
    /// <summary>Whose rules lead there; null where none do.</summary>
    public PortMaker? Maker { get; init; }

    /// <summary>What the rules are made with; likewise.</summary>
    public RuleBackend? Backend { get; init; }

    /// <summary>Whether a packet that comes to the port finds the rules, which are all there.</summary>
    public bool IsServed { get; init; }

    /// <summary>The container, as the rules or the cache name it; null where neither does.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The network; likewise.</summary>
    public string? Network { get; init; }

    /// <summary>The interface in the container; likewise.</summary>
    public string? Interface { get; init; }

    /// <summary>The attachment that the cache knows.</summary>
    public CachedAttachment? Attachment { get; init; }

    /// <summary>Whether two are of the same packets: protocol, port and address of the host.</summary>
    internal bool IsOfSamePackets(HostPort other) => Protocol == other.Protocol && Port == other.Port && Equals(HostAddress, other.HostAddress);
}
