using System;
using System.Buffers.Binary;
using System.Net;

namespace CniPS.Linux.Probe;

/// <summary>What a traced packet's headers say: whether it is a probe's own, what answers it, or an error about either.</summary>
/// <param name="Direction">Which of them.</param>
/// <param name="Source">Where it comes from; the port is 0 for ICMP.</param>
/// <param name="Destination">Where it goes.</param>
internal sealed record TraceHeaders(ProbeDirection Direction, IPEndPoint Source, IPEndPoint Destination)
{
    private const int Length4 = 20, Length6 = 40, EchoHeader = 8;

    /// <summary>Reads them; null where the packet is another's, or they are cut off.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="network">IP's header.</param>
    /// <param name="transport">What the kernel tells of what comes behind: twenty bytes at most.</param>
    internal static TraceHeaders? Read(ProbeBytes probe, ReadOnlySpan<byte> network, ReadOnlySpan<byte> transport)
    {
        bool v6 = probe.Packet.IsV6;
        if (network.Length < (v6 ? Length6 : Length4) || transport.Length < EchoHeader || network[0] >> 4 != (v6 ? 6 : 4))
        {
            return null;
        }

        IPAddress source = new(v6 ? network.Slice(8, 16) : network.Slice(12, 4)), destination = new(v6 ? network.Slice(24, 16) : network.Slice(16, 4));
        byte number = network[v6 ? 6 : 9];
        if (number == (v6 ? 58 : 1))
        {
            return DirectionOfMessage(probe, transport) is { } message ? new(message, new(source, 0), new(destination, 0)) : null;
        }

        if (ProbeBytes.Protocol(number) != probe.Packet.Protocol)
        {
            return null;
        }

        IPEndPoint from = new(source, BinaryPrimitives.ReadUInt16BigEndian(transport)), to = new(destination, BinaryPrimitives.ReadUInt16BigEndian(transport[2..]));
        return DirectionOfSegment(probe, from, to, transport) is { } direction ? new(direction, from, to) : null;
    }

    private static ProbeDirection? DirectionOfMessage(ProbeBytes probe, ReadOnlySpan<byte> message)
    {
        bool v6 = probe.Packet.IsV6;
        byte type = message[0];
        if (type == (v6 ? 128 : 8) || type == (v6 ? 129 : 0))
        {
            return !Carries(probe, message) ? null : type is 128 or 8 ? ProbeDirection.Request : ProbeDirection.Answer;
        }

        // What it quotes is cut off here, but no rule has other errors traced.
        return (v6 ? type < 128 : type is 3 or 11 or 12) ? ProbeDirection.Error : null;
    }

    private static ProbeDirection? DirectionOfSegment(ProbeBytes probe, IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> transport)
    {
        if (probe.Packet.Protocol == ProbeProtocol.Tcp)
        {
            return transport.Length < 12 ? null
                : BinaryPrimitives.ReadUInt32BigEndian(transport[4..]) == probe.Sequence ? ProbeDirection.Request
                : probe.Acknowledged(BinaryPrimitives.ReadUInt32BigEndian(transport[8..])) ? ProbeDirection.Answer
                : null;
        }

        // Who sends back what he got sends the same bytes.
        bool isBack = to.Port == probe.Number && (to.Address.Equals(probe.Source) || from.Address.Equals(probe.Packet.Destination) || from.Port == probe.Packet.Port);
        return isBack ? ProbeDirection.Answer : Carries(probe, transport) ? ProbeDirection.Request : null;
    }

    private static bool Carries(ProbeBytes probe, ReadOnlySpan<byte> transport)
    {
        ReadOnlySpan<byte> carried = transport[EchoHeader..];
        ReadOnlySpan<byte> token = probe.Token.Span;
        return carried.StartsWith(token[..Math.Min(token.Length, carried.Length)]);
    }
}
