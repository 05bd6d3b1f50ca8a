using System.Management.Automation;
using CniPS.Plugins;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>
/// Turns the rules of an attachment (masquerading, ports, firewall) into those of iptables, which the Go plugins know, or of nftables, while
/// its container runs.
/// </summary>
[Cmdlet(VerbsData.Convert, "CniAttachment", SupportsShouldProcess = true)]
[OutputType(typeof(CniAttachment), typeof(CniPlan))]
public sealed class ConvertCniAttachmentCommand : ExistingAttachmentCommand
{
    /// <summary>Whose rules they become.</summary>
    [Parameter(Mandatory = true)]
    public RuleBackend Backend { get; set; }

    /// <summary>Emits the attachments that were converted; with -WhatIf, the plan as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
        AttachmentLookup found = Find(runtime.Cache);
        CachedAttachment cached = found.Cached ?? throw AttachmentErrors.NotFound(found, CacheFolder, "CONVERT");
        string target = $"{found.Attachment}, network {found.Network}";
        if (Confirm(target, machine.Host, plan => plan.Convert(cached, Backend, Cancellation)))
        {
            if (runtime.Convert(cached, Backend, Cancellation).Count == 0)
            {
                WriteVerbose($"There are no rules to convert: {target}.");
            }
            else if (PassThru)
            {
                WriteObject(new CachedAttachments(machine.Host, new LivenessJudge(machine.Host, runtime.Cache), CacheFolder).Describe(Find(runtime.Cache).Cached ?? cached));
            }
        }
        else if (PassThru && Planned is { } plan)
        {
            WriteObject(new CniPlan(plan.ToPlan("CONVERT", found.Network, found.Attachment), CacheFolder));
        }
    }
}
