using System.Management.Automation;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>
/// Takes a container off a network (DEL). It finishes whatever can be finished, then says what went wrong. What is gone already is no
/// error, so it can be repeated.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "CniAttachment", SupportsShouldProcess = true)]
[OutputType(typeof(CniAttachment), typeof(CniPlan))]
public sealed class RemoveCniAttachmentCommand : ExistingAttachmentCommand
{
    /// <summary>Emits what was removed; with -WhatIf, the plan as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
        AttachmentLookup found = Find(runtime.Cache);
        string target = $"{found.Attachment}, network {found.Network}";
        if (found.Configuration is not { } network)
        {
            WriteVerbose($"Nothing is attached: {target}.");
        }
        else if (Confirm(target, machine.Host, plan => plan.Delete(network, found.Attachment, Cancellation)))
        {
            // Made beforehand: its time is that of the cache file.
            CniAttachment? removed = PassThru ? found.ToOutput(CniAttachmentState.InterfaceGone, CacheFolder) : null;
            runtime.Delete(network, found.Attachment, Cancellation);
            if (removed is not null)
            {
                WriteObject(removed);
            }
        }
        else if (PassThru && Planned is { } plan)
        {
            WriteObject(new CniPlan(plan.ToPlan("DEL", found.Network, found.Attachment), CacheFolder));
        }
    }
}
