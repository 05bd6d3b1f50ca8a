using System;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Probe;

/// <summary>What came of asking a server.</summary>
/// <param name="Answer">What it said; null where it didn't.</param>
/// <param name="Packet">What came back of the packet: of use where no answer did.</param>
public sealed record NameReply(DnsAnswer? Answer, ProbeAnswer Packet);

/// <summary>Asks a server for a name's addresses from inside a namespace, by a packet of its own: no program, and no libc, whose files are those of the caller.</summary>
public static class NameQuestion
{
    private const int Tries = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    /// <summary>Asks once, and once more where nothing comes.</summary>
    /// <param name="from">The namespace.</param>
    /// <param name="server">The server.</param>
    /// <param name="name">The full name.</param>
    /// <param name="family">Which addresses.</param>
    /// <exception cref="LinuxException">The kernel refused the sockets.</exception>
    public static NameReply Ask(NetworkNamespace from, IPAddress server, string name, AddressFamily family)
    {
        NameReply reply = new(null, new ProbeAnswer(ProbeOutcome.Nothing));
        for (int i = 0; i < Tries && reply is { Answer: null, Packet.Outcome: ProbeOutcome.Nothing }; i++)
        {
            ushort id = (ushort)Random.Shared.Next(ushort.MaxValue);
            ProbePacket packet = new(server, ProbeProtocol.Udp, 53) { Payload = DnsMessage.Question(id, name, family) };
            ProbeAnswer came = NetworkProbe.Send(from, packet, [], s_patience).Answer;
            reply = new NameReply(came.Outcome == ProbeOutcome.Datagram ? DnsMessage.Read(came.Payload.Span, id, family) : null, came);
        }

        return reply;
    }
}
