using System;
using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Removes what belongs to no attachment of a network that is still valid (GC).</summary>
[Cmdlet(VerbsCommon.Clear, "CniNetwork", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CniGarbage), typeof(CniPlan))]
public sealed class ClearCniNetworkCommand : RuntimeCommand
{
    /// <summary>The network: its name, its file, or an object of New-CniNetwork or Get-CniNetwork.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NetworkTransform]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkReference Network { get; set; } = null!;

    /// <summary>
    /// The attachments that are valid, all of them: container ids, or objects of Get-CniAttachment. Default: those in the cache that are not
    /// proven gone.
    /// </summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public object[]? Keep { get; set; }

    /// <summary>
    /// With -Force: attachments that go even though it can't be told that they are gone: container ids, or objects of Get-CniAttachment. Nothing else
    /// that is unknown goes.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public object[]? Unknown { get; set; }

    /// <summary>Removes what -Unknown names.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long a runtime may take for an ADD, in seconds or as a TimeSpan: what is younger, and in no cache, is left alone.</summary>
    [Parameter]
    [TimeoutTransform]
    public TimeSpan Patience { get; set; } = RuntimeOptions.DefaultPatience;

    /// <summary>With -WhatIf: emits the plan as an object. Without it what was removed is emitted in any case.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override RuntimeOptions Options => base.Options with { Patience = Patience };

    /// <inheritdoc/>
    protected override object? ErrorTarget => Network.Text;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        if (Force != (Unknown is not null))
        {
            Refuse(
                CniErrorIds.InvalidArgs,
                Force ? "-Force needs names: -Unknown says what is to go" : "-Unknown removes what may be alive, and needs -Force",
                "Clear-CniNetwork NETWORK -Unknown ID -Force removes one container's; Get-CniAttachment -State Unknown lists what can't be told.",
                Unknown);
        }

        using Machine.Loan machine = Machine.Borrow();
        CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
        NetworkConfigurationList network = Load(runtime.Cache);
        List<AttachmentKey> known = Keep is null && Unknown is null ? [] : Known(machine.Host, runtime.Cache, network);
        List<AttachmentKey>? valid = Keep is null ? null : KeptAttachments.Of(Keep, network, known);
        List<AttachmentKey> named = KeptAttachments.Of(Unknown ?? [], network, known);
        PlanRecorder planned = new();
        GarbageReport plan = CreateRuntime(new PlannedHost(machine.Host), planned).CollectGarbage(network, valid, named, Cancellation);
        bool isWhatIf = false;
        if (plan.Things.Count == 0 && !IsBound("WhatIf"))
        {
            WriteVerbose($"There is nothing to remove: network {network.Name}.");
        }
        else if (Ask(network, plan, out isWhatIf))
        {
            Collect(runtime, network, valid, named);
            return;
        }

        foreach (string warning in planned.Warnings)
        {
            WriteWarning(warning);
        }

        if (PassThru && isWhatIf)
        {
            WriteObject(new CniPlan(planned.ToPlan("GC", network.Name, null), CacheFolder));
        }
    }

    /// <summary>With -WhatIf it answers no, after showing each thing that would go, and the commands that would remove it.</summary>
    private bool Ask(NetworkConfigurationList network, GarbageReport plan, out bool isWhatIf)
    {
        string things = string.Join(", ", plan.Things);
        string action = $"Performing the operation \"{MyInvocation.MyCommand.Name}\" on target \"network {network.Name}\".";
        string query = $"{action}\nThis removes: {things}.";
        bool goOn = ShouldProcess(action, query, "Confirm", out ShouldProcessReason reason);
        isWhatIf = reason == ShouldProcessReason.WhatIf;
        if (isWhatIf)
        {
            foreach (CollectedThing thing in plan.Things)
            {
                ShouldProcess($"# {new CniGarbage(thing)}", null, null);
                foreach (Change change in thing.Changes)
                {
                    ShouldProcess(change.Brief, null, null);
                }
            }
        }

        return goOn;
    }

    private void Collect(CniRuntime runtime, NetworkConfigurationList network, List<AttachmentKey>? valid, List<AttachmentKey> named)
    {
        try
        {
            Show(runtime.CollectGarbage(network, valid, named, Cancellation));
        }
        catch (GarbageException e)
        {
            Show(e.Removed);
            throw;
        }
    }

    private void Show(GarbageReport report)
    {
        foreach (CollectedThing thing in report.Things)
        {
            WriteObject(new CniGarbage(thing));
        }
    }

    // As it is now, since others run it as it is now; where it is gone, as it was at the last ADD.
    private NetworkConfigurationList Load(ResultCache cache)
    {
        try
        {
            return new NetworkSource(ResolvePath).Load(Network);
        }
        catch (CniException e) when (e.ErrorId is CniErrorIds.NetworkNotFound or CniErrorIds.NoNetworkConfigurations)
        {
            foreach (CachedAttachment cached in cache.List())
            {
                if (cached.Network == Network.Text && cached.Configuration is { } list)
                {
                    return list;
                }
            }

            throw;
        }
    }

    private static List<AttachmentKey> Known(IHost host, ResultCache cache, NetworkConfigurationList network)
    {
        List<AttachmentKey> known = [];
        foreach (CachedAttachment cached in cache.List())
        {
            if (cached.Network == network.Name)
            {
                known.Add(new AttachmentKey(cached.ContainerId, cached.InterfaceName));
            }
        }

        if (LeaseInventory.DataFolderOf(network) is { } folder)
        {
            foreach (HeldAddress held in LeaseInventory.List(host, cache, folder, network.Name))
            {
                known.Add(new AttachmentKey(held.Lease.ContainerId, held.Lease.InterfaceName ?? Defaults.Interface));
            }
        }

        return known;
    }
}
