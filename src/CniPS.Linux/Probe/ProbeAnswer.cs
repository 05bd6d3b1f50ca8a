using System;
using System.Net;

namespace CniPS.Linux.Probe;

/// <summary>What came back.</summary>
public enum ProbeOutcome
{
    /// <summary>Nothing, in the time given.</summary>
    Nothing,

    /// <summary>An echo reply.</summary>
    EchoReply,

    /// <summary>A SYN with ACK: somebody listens at the port.</summary>
    SynAck,

    /// <summary>A RST: nobody listens, or somebody refuses in that name.</summary>
    Reset,

    /// <summary>A datagram.</summary>
    Datagram,

    /// <summary>An error of ICMP or ICMPv6 about the packet.</summary>
    IcmpError,

    /// <summary>The kernel would not send it at all: no route, too long, forbidden by a rule.</summary>
    Refused,
}

/// <summary>What came back, and from whom.</summary>
/// <param name="Outcome">What.</param>
/// <param name="From">Who sent it; null where nothing came.</param>
/// <param name="RoundTrip">How long it took; null where nothing came.</param>
public sealed record ProbeAnswer(ProbeOutcome Outcome, IPAddress? From = null, TimeSpan? RoundTrip = null)
{
    /// <summary>Of an error: ICMP's (RFC 792) or ICMPv6's (RFC 4443) type.</summary>
    public byte IcmpType { get; init; }

    /// <summary>Of an error: its code.</summary>
    public byte IcmpCode { get; init; }

    /// <summary>Of "fragmentation needed" and "packet too big": the MTU of the link that it doesn't fit; else null.</summary>
    public int? Mtu { get; init; }

    /// <summary>Of a refusal: the kernel's error number (errno(3)).</summary>
    public int Errno { get; init; }

    /// <summary>Of a datagram: what it carries.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>What came back, in words: <c>ICMP error 3/1 from 10.15.20.1</c>.</summary>
    public override string ToString() => Outcome switch
    {
        ProbeOutcome.Nothing => "nothing",
        ProbeOutcome.EchoReply => $"echo reply from {From}",
        ProbeOutcome.SynAck => $"SYN-ACK from {From}",
        ProbeOutcome.Reset => $"RST from {From}",
        ProbeOutcome.Datagram => $"datagram from {From}",
        ProbeOutcome.IcmpError => $"ICMP error {IcmpType}/{IcmpCode} from {From}{(Mtu is { } mtu ? $", MTU {mtu}" : "")}",
        _ => $"not sent: {LinuxException.Describe(Errno)}",
    };
}
