using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Linux.Host;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>
/// Holds a plan against what is: each step is done, still to do, or in conflict with something that is there. Nothing is changed.
/// </summary>
[Cmdlet(VerbsData.Compare, "CniPlan")]
[OutputType(typeof(CniPlanStanding))]
public sealed class CompareCniPlanCommand : CniCommand
{
    /// <summary>The plan: what a command emits with <c>-WhatIf -PassThru</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    public CniPlan Plan { get; set; } = null!;

    /// <summary>Steps to show: Done, ToDo, Conflict, Unknown. Default: all.</summary>
    [Parameter]
    public ChangeStanding[]? State { get; set; }

    /// <inheritdoc/>
    protected override object? ErrorTarget => Plan;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        IReadOnlyList<StepOutlook> outlooks = PlanComparison.Compare(machine.Host, Plan.Plan);
        for (int i = 0; i < outlooks.Count; i++)
        {
            if (State is null || System.Array.IndexOf(State, outlooks[i].Outlook.Standing) >= 0)
            {
                WriteObject(new CniPlanStanding(i + 1, outlooks[i]));
            }
        }
    }
}
