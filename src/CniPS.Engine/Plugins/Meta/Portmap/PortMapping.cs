using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;

namespace CniPS.Plugins.Meta;

/// <summary>One of the mappings that the runtime asks for.</summary>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="HostPort">The host's port.</param>
/// <param name="ContainerPort">The container's port.</param>
/// <param name="HostAddress">The one address of the host that it is open on; null for all.</param>
/// <param name="Family">The one family that it is for; null for both.</param>
internal sealed record PortMapping(
    ProtocolType Protocol, ushort HostPort, ushort ContainerPort, IPAddress? HostAddress = null, AddressFamily? Family = null)
{
    internal string ProtocolWord => Word(Protocol);

    internal static string Word(ProtocolType protocol) => protocol switch
    {
        ProtocolType.Tcp => "tcp",
        ProtocolType.Udp => "udp",
        _ => "sctp",
    };

    /// <summary>Whether it is for containers' addresses of a family.</summary>
    internal bool Serves(AddressFamily family) => Family is null || Family == family;

    internal ForwardedPort To(IPAddress address) => new(Protocol, HostPort, HostAddress, address, ContainerPort);
}
