using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>What an operation would do, here and now. <see cref="PlanComparison"/> holds it against what is later.</summary>
/// <param name="Verb">The operation: <c>ADD</c>, <c>DEL</c>, <c>GC</c>, <c>REPAIR</c>.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Attachment">The attachment; null where the operation is on a network.</param>
public sealed record OperationPlan(string Verb, string Network, Attachment? Attachment)
{
    /// <summary>The changes, in order.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>
    /// ADD, UPDATE and MOVE: the result as far as it can be known, without what only the kernel chooses (a MAC); null where it depends on what a program
    /// would answer.
    /// </summary>
    public CniResult? PredictedResult { get; init; }

    /// <summary>What a person should know of it.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The program behind whose answer nothing is known; null where the plan goes to the end.</summary>
    public string? EndsAt { get; init; }

    /// <summary>Whether all that would happen is in the steps: where a program runs, what that does isn't.</summary>
    public bool IsComplete
    {
        get
        {
            foreach (PlanStep step in Steps)
            {
                if (step.IsProgram)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Lets go of the containers' namespaces that a look at the steps has opened.</summary>
    internal void CloseNamespaces(IHost host)
    {
        foreach (PlanStep step in Steps)
        {
            Close((step.Change as NamespaceChange)?.Namespace);
            Close(step.Change switch
            {
                VethAdd pair => pair.PeerNamespace,
                LinkAdd link => link.Target,
                LinkMove move => move.Target,
                _ => null,
            });
        }

        void Close(NetworkNamespace? ns)
        {
            if (ns is not null && ns.Id != host.Namespace.Id)
            {
                ns.Dispose();
            }
        }
    }
}
