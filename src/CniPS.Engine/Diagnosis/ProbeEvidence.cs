using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Nftables;
using CniPS.Linux.Probe;

namespace CniPS.Diagnosis;

/// <summary>
/// Why a packet that was sent had no answer, though all that can be read lets it pass: by the rule that nf_tables' trace names, by the reason that the kernel gives,
/// or, where neither is there, by what stands on the way and can't be read.
/// </summary>
internal static class ProbeEvidence
{
    /// <summary>What has dropped it; null where nothing tells.</summary>
    internal static Cause? Find(MachineView machine, PathReport report, ProbeReport seen) =>
        Traced(machine, seen) ?? Suspected(machine, report, [.. seen.Drops.Where(static drop => drop.IsSender).Select(static drop => drop.Reason)]);

    private static Cause? Traced(MachineView machine, ProbeReport seen)
    {
        foreach (ProbeSight sight in seen.Points)
        {
            if (sight.Steps.FirstOrDefault(static step => step is { Verdict: TraceVerdict.Drop, Hook: null } && step.Direction != ProbeDirection.Error) is { } step
                && machine.At(sight.Point.Namespace) is { } view && Of(view, step) is { } cause)
            {
                return cause;
            }
        }

        return null;
    }

    private static Cause? Of(NamespaceView view, TraceStep step)
    {
        NftTable table = new(step.Family, step.Table);
        string packet = $"{step.Source?.Address} → {step.Destination?.Address}", chain = $"{table} {step.Chain}";
        if (step.Kind == TraceKind.Policy)
        {
            Cause policy = new("PolicyDrops", view.Name, $"{chain} in {view.Name} lets {packet} fall to its policy, drop, as a packet has shown", $"a rule in {chain} that accepts it");
            return step is { Source.Address: { } from, Destination.Address: { } to } ? FilterRepair.Accepting(view, table, step.Chain, from, to, policy) : policy;
        }

        if (view.Rules.Describe(table, step.Chain, step.Rule, Packet(step)) is not { } rule)
        {
            return null;
        }

        return FilterRepair.Deleting(view, table, rule, new Cause(
            "RuleDrops", view.Name, $"{chain} in {view.Name} drops {packet}, as a packet has shown: {rule.Text}", rule.Deletion));
    }

    private static FilteredPacket Packet(TraceStep step) => new()
    {
        Source = step.Source?.Address ?? IPAddress.Any,
        Destination = step.Destination?.Address ?? IPAddress.Any,
        SourcePort = (ushort)(step.Source?.Port ?? 0),
        DestinationPort = (ushort)(step.Destination?.Port ?? 0),
        Protocol = 0,
    };

    private static Cause? Suspected(MachineView machine, PathReport report, IReadOnlyList<string> reasons)
    {
        Hop? xdp = report.Hops.FirstOrDefault(static hop => hop.Stage == LinkFilters.Xdp), queue = report.Hops.FirstOrDefault(static hop => hop.Stage == LinkFilters.Queue);
        Hop? rule = report.Hops.FirstOrDefault(static hop => hop is { Stage: "filter", Verdict: HopVerdict.Unknown });
        bool isFiltered = reasons.Any(static reason => reason.StartsWith("NETFILTER", System.StringComparison.Ordinal));
        string told = reasons.Count > 0 ? $" (the kernel says {string.Join(", ", reasons.Distinct())})" : "";
        if (rule is not null && (isFiltered || (xdp is null && queue is null)))
        {
            return new Cause(
                "RuleDrops", rule.Namespace, $"a packet had no answer{told}, and a rule in {rule.Namespace} asks for what can't be read: {rule.Evidence}",
                "look at that rule, and at the set or the counters it asks");
        }

        return xdp is not null && !isFiltered
            ? new Cause(
                "XdpDrops", xdp.Namespace, $"a packet had no answer{told}, and {xdp.Interface} in {xdp.Namespace} has a program of XDP, which sees it before anything else",
                In(machine, xdp, $"ip link set dev {xdp.Interface} xdp off"))
            : queue is not null && !isFiltered
            ? new Cause(
                "TrafficControlDrops", queue.Namespace, $"a packet had no answer{told}, and {queue.Interface} in {queue.Namespace} has a queue of its own: {queue.Decision}",
                In(machine, queue, $"tc qdisc del dev {queue.Interface} {KindOf(queue)}"))
            : null;
    }

    private static string KindOf(Hop queue) => queue.Decision.Split(' ')[0] is ("ingress" or "clsact") and var kind ? kind : "root";

    private static string In(MachineView machine, Hop hop, string command) => machine.Named(hop.Namespace) is { } view ? BridgeCauses.In(view, command) : command;
}
