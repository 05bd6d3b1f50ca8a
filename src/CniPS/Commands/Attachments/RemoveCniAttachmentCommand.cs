using System;
using System.Management.Automation;
using CniPS.Runtime;
using CniPS.Spec;

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

    /// <summary>
    /// How many containers are worked on at a time where many come down the pipeline; those of one container always one after the other. Default: as many as
    /// suit the machine. With 1 each is finished, and emitted, before the next is asked for.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 128)]
    public int ThrottleLimit { get; set; }

    /// <inheritdoc/>
    private protected override int AtOnce => ThrottleLimit;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        AttachmentQuery query = Query;
        string cachePath = CacheFolder;
        NetworkSource networks = Networks.For(Network);
        if (DoTogether(query.Container ?? "", (runtime, item) =>
        {
            AttachmentLookup known = AttachmentLookup.Find(query, runtime.Cache, networks);
            item.Title = known.Configuration is null ? Nothing(known) : Announcement(Target(known));
            return known.Configuration is { } list ? Remove(runtime, list, known, cachePath) : static () => { };
        }))
        {
            return;
        }

        using Machine.Loan machine = Machine.Borrow();
        CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
        AttachmentLookup found = AttachmentLookup.Find(query, runtime.Cache, networks);
        if (found.Configuration is not { } network)
        {
            WriteVerbose(Nothing(found));
        }
        else if (Confirm(Target(found), machine.Host, plan => plan.Delete(network, found.Attachment, Cancellation)))
        {
            Remove(runtime, network, found, cachePath)();
        }
        else if (PassThru && Planned is { } plan)
        {
            WriteObject(new CniPlan(plan.ToPlan("DEL", found.Network, found.Attachment), cachePath));
        }
    }

    private Action Remove(CniRuntime runtime, NetworkConfigurationList network, AttachmentLookup found, string cachePath)
    {
        // Made beforehand: its time is that of the cache file.
        CniAttachment? removed = PassThru ? found.ToOutput(CniAttachmentState.InterfaceGone, cachePath) : null;
        runtime.Delete(network, found.Attachment, Cancellation);
        return removed is null ? static () => { } : () => WriteObject(removed);
    }

    private static string Target(AttachmentLookup found) => $"{found.Attachment}, network {found.Network}";

    private static string Nothing(AttachmentLookup found) => $"Nothing is attached: {Target(found)}.";
}
