using System;
using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Holds a plan against the machine as it is: which of its steps are so already, which are still to be made, and which the kernel would
/// refuse by now. Each step is looked at as if those still to be made before it had been. Nothing is changed.
/// </summary>
public static class PlanComparison
{
    /// <summary>How each step stands, in order.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="plan">The plan.</param>
    public static IReadOnlyList<StepOutlook> Compare(IHost host, OperationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        PlannedHost present = new(host);
        List<StepOutlook> outlooks = new(plan.Steps.Count);
        try
        {
            foreach (PlanStep step in plan.Steps)
            {
                outlooks.Add(new StepOutlook(step, IsCached(present, step.Change) ? new ChangeOutlook(ChangeStanding.Done) : present.Look(step.Change)));
            }
        }
        finally
        {
            plan.CloseNamespaces(host);
        }

        return outlooks;
    }

    // A plan's result lacks what only the kernel chooses: the one that was cached since is the same if it gives the same addresses.
    private static bool IsCached(PlannedHost present, Change change) =>
        change is FileWrite write
        && CacheEntry.TryRead(write.Content) is { } planned
        && present.ReadFile(write.Path) is { } content
        && CacheEntry.TryRead(content) is { } actual
        && actual.Is(planned.Network, planned.ContainerId, planned.InterfaceName)
        && actual.NetNS == planned.NetNS
        && actual.Config.Span.SequenceEqual(planned.Config.Span)
        && Addresses(actual).SetEquals(Addresses(planned));

    private static HashSet<IpPrefix> Addresses(CacheEntry entry)
    {
        HashSet<IpPrefix> addresses = [];
        if (entry.Result.ValueKind == System.Text.Json.JsonValueKind.Object)
        {
            foreach (CniIPConfig ip in CniResult.Parse(entry.Result).Ips)
            {
                if (ip.Address is { } address)
                {
                    addresses.Add(address);
                }
            }
        }

        return addresses;
    }
}

/// <summary>How a step of a plan stands to what is.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outlook">How it stands.</param>
public sealed record StepOutlook(PlanStep Step, ChangeOutlook Outlook);
