using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;

namespace CniPS.Diagnosis;

/// <summary>Why a packet that has arrived is of no use to anybody.</summary>
internal static class DeliveryCauses
{
    internal static Cause? Of(NamespaceView view, FilteredPacket packet, out string evidence)
    {
        evidence = "the kernel answers echoes itself";
        return packet.Protocol switch
        {
            6 => Listening(view, packet, ProtocolType.Tcp, out evidence),
            17 => Listening(view, packet, ProtocolType.Udp, out evidence),
            _ => Echo(view, packet.IsV6),
        };
    }

    private static Cause? Echo(NamespaceView view, bool v6)
    {
        string key = v6 ? "net/ipv6/icmp/echo_ignore_all" : "net/ipv4/icmp_echo_ignore_all";
        return view.Number(key) == 0 ? null : Cause.Mended("EchoIgnored", view.Name, $"{view.Name} answers no echoes", new SysctlWrite(view.Namespace, key, "0"));
    }

    private static Cause? Listening(NamespaceView view, FilteredPacket packet, ProtocolType protocol, out string evidence)
    {
        IReadOnlyList<IPAddress> bound = ListeningSockets.Of(view, protocol, packet.DestinationPort);
        string port = $"{protocol.ToString().ToUpperInvariant()} port {packet.DestinationPort}";
        if (bound.Any(address => ListeningSockets.Takes(address, packet.Destination)))
        {
            evidence = $"a socket listens on {string.Join(", ", bound.Distinct())}";
            return null;
        }

        evidence = bound.Count == 0 ? $"no socket of {port}" : $"sockets of {port} listen on {string.Join(", ", bound.Distinct())} only";
        return bound.Count == 0
            ? new Cause("NotListening", view.Name, $"nothing in {view.Name} listens on {port}", $"start what is to listen on {port} in {view.Name}")
            : new Cause("ListensElsewhere", view.Name, $"in {view.Name}, {port} is listened on only at {string.Join(", ", bound.Distinct())}", $"have it listen on {packet.Destination}, or on every address");
    }
}
