using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Linux.Probe;

/// <summary>A namespace that a probe's packet is looked for in.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Interfaces">Interfaces at whose ingress it is looked for, too, before any other hook (netdev tables); may be empty.</param>
public sealed record ProbePoint(NetworkNamespace Namespace, params IReadOnlyList<string> Interfaces);

/// <summary>What a probe found out.</summary>
/// <param name="Packet">What was sent.</param>
/// <param name="Answer">What came back.</param>
/// <param name="Source">The address and port (0 for ICMP) it was sent from; null where there was none to be had.</param>
/// <param name="Points">What was seen in each namespace, in the order in which they were asked for.</param>
/// <param name="Drops">
/// Packets of the same version of IP that the kernel dropped meanwhile, in order: those that are dropped by what the probe itself set going first
/// (<see cref="PacketDrop.IsSender"/>). Where there are such, the others are other packets'.
/// </param>
public sealed record ProbeReport(
    ProbePacket Packet, ProbeAnswer Answer, IPEndPoint? Source, IReadOnlyList<ProbeSight> Points, IReadOnlyList<PacketDrop> Drops)
{
    /// <summary>Why no drops could be seen; null where they could.</summary>
    public string? DropsUnavailable { get; init; }
}

/// <summary>What was seen of a probe in one namespace.</summary>
/// <param name="Point">Where.</param>
/// <param name="Steps">What nf_tables decided, in order, and how far the packets came.</param>
/// <param name="Links">Each interface's counters, before and after.</param>
public sealed record ProbeSight(ProbePoint Point, IReadOnlyList<TraceStep> Steps, IReadOnlyList<LinkChange> Links)
{
    /// <summary>Why nothing, or not all, could be seen of nf_tables; null where all could.</summary>
    public string? Lacks { get; init; }
}

/// <summary>What passed an interface while the probe was under way: the probe's packets, and whatever else there was.</summary>
/// <param name="Link">The interface.</param>
/// <param name="Received">What came in by it.</param>
/// <param name="Sent">What left by it.</param>
public sealed record LinkChange(LinkId Link, TrafficCount Received, TrafficCount Sent);

/// <summary>A packet that the kernel dropped (the tracepoint skb:kfree_skb).</summary>
/// <param name="Reason">Why, in the kernel's word (enum skb_drop_reason): <c>NETFILTER_DROP</c>.</param>
/// <param name="Location">The kernel's function that dropped it; null where the kernel hides its addresses.</param>
/// <param name="IsSender">
/// Whether it was dropped by the thread that sent the probe: a veth, a bridge and a route hand a packet on in the sender's own time, so that what is dropped
/// there is the probe's packet, its answer, or an error.
/// </param>
/// <param name="After">How long after the probe was sent.</param>
public sealed record PacketDrop(string Reason, string? Location, bool IsSender, TimeSpan After);
