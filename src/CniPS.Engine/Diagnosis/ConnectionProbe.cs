using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using CniPS.Linux;
using CniPS.Linux.Nftables;
using CniPS.Linux.Probe;

namespace CniPS.Diagnosis;

/// <summary>
/// Sends a real packet along a way that was read, and holds what became of it against what was read. Where they disagree the packet is right, and both are
/// shown.
/// </summary>
internal static class ConnectionProbe
{
    private const string Stage = "probe";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    internal static PathReport Check(MachineView machine, PathReport report, NamespaceView from, FilteredPacket packet)
    {
        ProbePacket sent = new(packet.Destination, packet.Protocol switch { 6 => ProbeProtocol.Tcp, 17 => ProbeProtocol.Udp, _ => ProbeProtocol.Icmp }, packet.DestinationPort)
        {
            Source = packet.Source.Equals(System.Net.IPAddress.Any) || packet.Source.Equals(System.Net.IPAddress.IPv6Any) || from.HolderOf(packet.Source) is null ? null : packet.Source,
        };
        try
        {
            ProbeReport seen = NetworkProbe.Send(from.Namespace, sent, [.. PointsOf(machine, report)], s_patience);
            return report with { Hops = Judge(machine, report, from, seen) };
        }
        catch (LinuxException e)
        {
            return report with { Hops = [.. report.Hops, new Hop(from.Name, "", Stage, "no packet could be sent", e.Message, HopVerdict.Unknown)] };
        }
    }

    private static IEnumerable<ProbePoint> PointsOf(MachineView machine, PathReport report)
    {
        foreach (string name in report.Hops.Select(static hop => hop.Namespace).Distinct())
        {
            if (machine.Named(name) is { } view)
            {
                yield return new ProbePoint(view.Namespace);
            }
        }
    }

    private static List<Hop> Judge(MachineView machine, PathReport report, NamespaceView from, ProbeReport seen)
    {
        bool isAnswered = seen.Answer.Outcome is ProbeOutcome.EchoReply or ProbeOutcome.SynAck or ProbeOutcome.Datagram;
        string evidence = EvidenceOf(seen);
        string text = $"{seen.Packet.Protocol.ToString().ToUpperInvariant()} to {seen.Packet.Destination}: {seen.Answer}";
        if (isAnswered)
        {
            // What was read would have killed it, and did not. Of an address that two have, either may have answered; and it was a short one.
            return
            [
                .. report.Hops.Select(static hop => hop is { Verdict: HopVerdict.Dropped, Cause: not { IsBeyondProbe: true } } ? hop with { Verdict = HopVerdict.Warned } : hop),
                new Hop(from.Name, "", Stage, text, evidence, HopVerdict.Passed),
            ];
        }

        if (!report.IsReachable)
        {
            return [.. report.Hops, new Hop(from.Name, "", Stage, text, evidence, HopVerdict.Dropped)];
        }

        // A service of UDP may well keep silent.
        if (seen.Packet.Protocol == ProbeProtocol.Udp && seen.Answer.Outcome == ProbeOutcome.Nothing && !seen.Drops.Any(static drop => drop.IsSender))
        {
            return [.. report.Hops, new Hop(from.Name, "", Stage, text, evidence, HopVerdict.Unknown)];
        }

        Cause cause = ProbeEvidence.Find(machine, report, seen) ?? new(
            "ProbeUnanswered", from.Name, $"all that can be read lets packets to {seen.Packet.Destination} pass, but one that was sent had no answer: {seen.Answer}",
            evidence.Length > 0 ? $"look at what was seen of it: {evidence}" : "capture packets on the way to see where it ends");
        return [.. report.Hops, new Hop(from.Name, "", Stage, text, evidence, HopVerdict.Dropped) { Cause = cause }];
    }

    private static string EvidenceOf(ProbeReport seen)
    {
        List<string> words = [];
        if (seen.Answer.RoundTrip is { } time)
        {
            words.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms"));
        }

        foreach (PacketDrop drop in seen.Drops.Where(static drop => drop.IsSender))
        {
            words.Add($"the kernel dropped it: {drop.Reason}{(drop.Location is null ? "" : $" in {drop.Location}")}");
        }

        foreach (TraceStep step in seen.Points.SelectMany(static point => point.Steps).Where(static step => step.Verdict == TraceVerdict.Drop))
        {
            words.Add(step.ToString());
        }

        return string.Join("; ", words);
    }
}
