using System;
using System.ComponentModel;
using System.Linq;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS;

/// <summary>What a command would do, here and now: what <c>-WhatIf -PassThru</c> emits.</summary>
[TypeConverter(typeof(RevivedPlanConverter))]
public sealed class CniPlan : IComparable<CniPlan>, IComparable
{
    internal CniPlan(OperationPlan plan, string cachePath)
    {
        Plan = plan;
        CachePath = cachePath;
    }

    /// <summary>The operation: ADD, DEL, GC, REPAIR, UPDATE, MOVE or CONVERT.</summary>
    public string Verb => Plan.Verb;

    /// <summary>The network's name.</summary>
    public string Network => Plan.Network;

    /// <summary>The container's id; null where the plan is for a whole network.</summary>
    public string? ContainerId => Plan.Attachment?.ContainerId;

    /// <summary>The name of the container's namespace, else its path.</summary>
    public string? Namespace => NetNS is { } path ? NamedNamespaces.NameOf(path) ?? path : null;

    /// <summary>The path of the container's namespace.</summary>
    public string? NetNS => Plan.Attachment?.NetNS;

    /// <summary>The interface's name in the container.</summary>
    public string? Interface => Plan.Attachment?.InterfaceName;

    /// <summary>The changes, in order: the commands a person would type.</summary>
    public CniList<string> Steps => Plan.Steps.Select(step => step.Text).ToLines();

    /// <summary>The same, each as JSON, by which a plan that was stored as JSON or CSV can be compared.</summary>
    public CniList<string> Changes => Plan.Steps.Select(PlanStepJson.Write).ToLines();

    /// <summary>
    /// The result of an ADD, UPDATE or MOVE, as JSON, as far as it can be known: without what only the kernel chooses, such as a MAC; null where it depends on what a program
    /// would answer.
    /// </summary>
    public string? PredictedResult => CniAddResult.TextOf(Plan.PredictedResult);

    /// <summary>What a person should know of it.</summary>
    public CniList<string> Warnings => Plan.Warnings.ToLines();

    /// <summary>Whether all that would happen is in the steps. Where a program runs, what that does is not.</summary>
    public bool IsComplete => Plan.IsComplete;

    /// <summary>The program behind whose answer nothing is known; null where the plan goes to the end.</summary>
    public string? EndsAt => Plan.EndsAt;

    /// <summary>When it was made.</summary>
    public DateTime Created { get; private init; } = DateTime.Now;

    /// <summary>The folder of the cache it was made over.</summary>
    public string CachePath { get; }

    internal OperationPlan Plan { get; }

    /// <summary>The same plan, made at another time.</summary>
    internal CniPlan At(DateTime created) => new(Plan, CachePath) { Created = created };

    /// <summary>By time.</summary>
    public int CompareTo(CniPlan? other) => other is null ? 1 : Created.CompareTo(other.Created);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>What is planned for whom, and in how many steps.</summary>
    public override string ToString()
    {
        string whom = ContainerId is null ? Network : $"{Network}/{ContainerId}/{Interface}";
        string end = EndsAt is null ? "" : $", then {EndsAt} decides";
        return $"{Verb} {whom}: {Plan.Steps.Count} {(Plan.Steps.Count == 1 ? "step" : "steps")}{end}";
    }
}
