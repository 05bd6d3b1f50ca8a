using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Diagnosis;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>
/// Mends what keeps one from reaching another, as far as changes can, and follows the packet again until it arrives. What is left is an error each,
/// as from Test-CniConnection.
/// </summary>
[Cmdlet(VerbsDiagnostic.Repair, "CniConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CniHop), typeof(CniPlan))]
public sealed class RepairCniConnectionCommand : ConnectionCommand
{
    // One fault hides the next: that many can be behind each other.
    private const int MostRounds = 12;

    /// <summary>Emits the places that were mended; with -WhatIf, the plan as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        HashSet<Cause> tried = [];
        for (int round = 0; round < MostRounds; round++)
        {
            List<(CniHop Hop, Cause Cause)> found = Mendable(machine.Host, tried);
            if (found.Count == 0)
            {
                break;
            }

            foreach ((CniHop hop, Cause cause) in found)
            {
                tried.Add(cause);
                if (Asks(cause, out bool onlyPlanned))
                {
                    Mend(machine.Host, hop, cause);
                }
                else if (onlyPlanned)
                {
                    ShowPlan(machine.Host, found);
                    return;
                }
            }
        }

        if (tried.Count == 0 && PassThru && IsWhatIf)
        {
            ShowPlan(machine.Host, []);
        }

        foreach (PathReport report in Follow(machine.Host))
        {
            ReportCauses(report);
        }
    }

    private bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? whatIf) && (SwitchParameter)whatIf;

    private List<(CniHop Hop, Cause Cause)> Mendable(IHost host, HashSet<Cause> tried)
    {
        List<(CniHop, Cause)> found = [];
        foreach (PathReport report in Follow(host))
        {
            for (int i = 0; i < report.Hops.Count; i++)
            {
                if (report.Hops[i] is { Verdict: HopVerdict.Dropped, Cause: { Repair.Count: > 0 } cause } hop && !tried.Contains(cause) && !found.Exists(other => other.Item2.Equals(cause)))
                {
                    found.Add((new CniHop(report, hop, i + 1), cause));
                }
            }
        }

        return found;
    }

    private bool Asks(Cause cause, out bool onlyPlanned)
    {
        string action = $"Performing the operation \"{MyInvocation.MyCommand.Name}\" on target \"{cause.Message}\": {cause.Advice}";
        bool goesOn = ShouldProcess(action, $"{action}\nContinue?", "Confirm", out ShouldProcessReason reason);
        onlyPlanned = reason == ShouldProcessReason.WhatIf;
        return goesOn;
    }

    private void Mend(LinuxHost host, CniHop hop, Cause cause)
    {
        foreach (Change change in cause.Repair)
        {
            WriteVerbose(change.Text);
        }

        host.Apply(cause.Repair);
        if (PassThru)
        {
            WriteObject(hop);
        }
    }

    private void ShowPlan(IHost host, List<(CniHop Hop, Cause Cause)> found)
    {
        PlannedHost planned = new(host);
        PlanRecorder recorder = new();
        foreach ((_, Cause cause) in found)
        {
            planned.Apply(cause.Repair);
            foreach (Change change in cause.Repair)
            {
                ShouldProcess(change.Brief, null, null);
                recorder.Changed(change);
            }
        }

        if (PassThru)
        {
            WriteObject(new CniPlan(recorder.ToPlan("REPAIR", "", null), CacheFolder));
        }
    }
}
