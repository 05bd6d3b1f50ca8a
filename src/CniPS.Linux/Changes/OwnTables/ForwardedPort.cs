using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Changes;

/// <summary>A port of the host that leads into a container.</summary>
/// <param name="Protocol">TCP, UDP or SCTP (<see cref="Sctp"/>).</param>
/// <param name="HostPort">The host's port.</param>
/// <param name="HostAddress">The one address of the host that it is open on; null for all.</param>
/// <param name="Address">The container's address; of the same family.</param>
/// <param name="Port">The container's port.</param>
public sealed record ForwardedPort(ProtocolType Protocol, ushort HostPort, IPAddress? HostAddress, IPAddress Address, ushort Port)
{
    /// <summary>SCTP's number, for which .NET has no name.</summary>
    public const ProtocolType Sctp = (ProtocolType)Nf.IPPROTO_SCTP;

    /// <summary>Whether it is IPv6's.</summary>
    public bool IsV6 => Address.AddressFamily == AddressFamily.InterNetworkV6;
}
