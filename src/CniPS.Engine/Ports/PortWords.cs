using System.Net.Sockets;
using CniPS.Linux.Changes;

namespace CniPS.Ports;

/// <summary>Protocols as words.</summary>
public static class PortWords
{
    /// <summary>The word: tcp, udp, sctp.</summary>
    /// <param name="protocol">The protocol.</param>
    public static string Of(ProtocolType protocol) => protocol switch
    {
        ProtocolType.Udp => "udp",
        ForwardedPort.Sctp => "sctp",
        _ => "tcp",
    };

    internal static ProtocolType ProtocolOf(string? word) => word?.ToLowerInvariant() switch
    {
        "udp" => ProtocolType.Udp,
        "sctp" => ForwardedPort.Sctp,
        _ => ProtocolType.Tcp,
    };
}
