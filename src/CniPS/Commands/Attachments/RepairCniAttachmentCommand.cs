using System.Linq;
using System.Management.Automation;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Mends what CHECK finds wrong with an attachment, as far as changes can, and checks again. What is still wrong then is an error each:
/// only removing and adding again (-Recreate) mends it.
/// </summary>
[Cmdlet(VerbsDiagnostic.Repair, "CniAttachment", SupportsShouldProcess = true)]
[OutputType(typeof(CniDifference), typeof(CniPlan))]
public sealed class RepairCniAttachmentCommand : ExistingAttachmentCommand
{
    /// <summary>Removes the attachment and adds it again where something is left that can't be mended. It may get another address.</summary>
    [Parameter]
    public SwitchParameter Recreate { get; set; }

    /// <summary>Emits the differences that were mended; with -WhatIf, the plan as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
        AttachmentLookup found = Find(runtime.Cache);
        NetworkConfigurationList network = found.Configuration ?? throw AttachmentErrors.NotFound(found, CacheFolder, "CHECK");
        RepairReport? foreseen = null;
        if (Confirm($"{found.Attachment}, network {found.Network}", machine.Host, plan => foreseen = Mend(plan, network, found.Attachment)))
        {
            Tell(found, Mend(runtime, network, found.Attachment));
        }
        else if (foreseen is not null)
        {
            foreach (Difference difference in foreseen.Remaining)
            {
                string advice = Describe(found, difference).ToException(afterRepair: true).RecommendedAction!;
                WriteWarning($"{found.Attachment}, network {found.Network}: {difference.Message}: no change mends it. {advice}");
            }

            if (PassThru)
            {
                WriteObject(new CniPlan(Planned!.ToPlan("REPAIR", found.Network, found.Attachment), CacheFolder));
            }
        }
    }

    private RepairReport Mend(CniRuntime runtime, NetworkConfigurationList network, Attachment attachment)
    {
        RepairReport report = runtime.Repair(network, attachment, Cancellation);
        if (!Recreate || report.Remaining.Count == 0 || report.Remaining.Any(difference => difference.IsFinal))
        {
            return report;
        }

        runtime.Delete(network, attachment, Cancellation);
        runtime.Add(network, attachment, Cancellation);
        return new RepairReport([.. report.Mended, .. report.Remaining], []);
    }

    private void Tell(AttachmentLookup found, RepairReport report)
    {
        if (PassThru)
        {
            foreach (Difference difference in report.Mended)
            {
                WriteObject(Describe(found, difference));
            }
        }

        foreach (Difference difference in report.Remaining)
        {
            Report(Describe(found, difference).ToException(afterRepair: true));
        }
    }

    private CniDifference Describe(AttachmentLookup found, Difference difference) =>
        new(found.Network, found.Attachment, difference) { CachePath = CacheFolder };
}
