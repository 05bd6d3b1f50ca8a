using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Runtime;

namespace CniPS.Pictures;

/// <summary>Looks at a machine, and at what plans would make of it.</summary>
public static class PlannedTopology
{
    /// <summary>Looks at what is, and marks what plans would add or remove. Steps that have been made meanwhile are simply there.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Where its cache is.</param>
    /// <param name="plans">The plans, in the order in which they would be carried out; may be none.</param>
    /// <exception cref="Spec.CniException">This process may not look, or the cache can't be read.</exception>
    public static NetworkTopology Read(IHost host, RuntimeOptions options, IReadOnlyList<OperationPlan> plans)
    {
        ArgumentNullException.ThrowIfNull(plans);
        NetworkTopology present = TopologyReader.Read(host, new ResultCache(host, options).List());
        if (plans.Count == 0)
        {
            return present;
        }

        PlannedHost future = new(host);
        List<string> warnings = [.. present.Warnings];
        try
        {
            foreach (OperationPlan plan in plans)
            {
                Carry(plan, future, warnings);
            }

            return present.With(TopologyReader.Read(future, new ResultCache(future, options).List())) with { Warnings = warnings };
        }
        finally
        {
            foreach (OperationPlan plan in plans)
            {
                plan.CloseNamespaces(host);
            }
        }
    }

    private static void Carry(OperationPlan plan, PlannedHost future, List<string> warnings)
    {
        foreach (PlanStep step in plan.Steps)
        {
            if (step.IsProgram)
            {
                warnings.Add($"What {step.PluginType} would do is not shown: it is a program, and can't be asked without running it.");
            }
            else if (future.Look(step.Change) is { Standing: ChangeStanding.Conflict } outlook)
            {
                warnings.Add($"\"{step.Text}\" is not shown: {outlook.Reason}");
            }
        }
    }
}
