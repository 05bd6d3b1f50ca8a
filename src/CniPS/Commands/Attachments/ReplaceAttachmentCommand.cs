using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using CniPS.Facts;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>A command that puts an attachment in the place of a living one; when it fails, the old one is there again.</summary>
public abstract class ReplaceAttachmentCommand : ExistingAttachmentCommand
{
    /// <summary>
    /// Ports of the host that lead into the container from then on, as <c>8080:80/tcp</c>; <c>@()</c> for none. Default: those that it has.
    /// </summary>
    [Parameter]
    [AllowEmptyCollection]
    public PortMapping[]? PortMapping { get; set; }

    /// <summary>Emits the attachments that were changed; with -WhatIf, the plan as an object.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What is done, in the words of errors and plans.</summary>
    private protected abstract string Verb { get; }

    /// <summary>The network that the attachment is to be on.</summary>
    private protected abstract NetworkConfigurationList Target(AttachmentLookup found);

    /// <summary>Whether there is nothing to do.</summary>
    private protected abstract bool IsDone(CachedAttachment cached, NetworkConfigurationList network, Attachment asked);

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        using Machine.Loan machine = Machine.Borrow();
        CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
        AttachmentLookup found = Find(runtime.Cache);
        CachedAttachment cached = found.Cached ?? throw AttachmentErrors.NotFound(found, CacheFolder, Verb);
        NetworkConfigurationList network = Target(found);
        Attachment asked = Asked(cached, network);
        string target = $"{cached.ToAttachment()}, network {cached.Network}{(network.Name == cached.Network ? "" : $", to network {network.Name}")}";
        if (IsDone(cached, network, asked))
        {
            WriteVerbose($"There is nothing to change: {target}.");
            return;
        }

        WarnOfPorts(asked, network);
        if (Confirm(target, machine.Host, plan => Planned!.Result = plan.Replace(cached, network, asked, Cancellation)))
        {
            runtime.Replace(cached, network, asked, Cancellation);
            if (PassThru && runtime.Cache.Find(network.Name, cached.ContainerId, cached.InterfaceName) is { } made)
            {
                WriteObject(new CachedAttachments(machine.Host, new LivenessJudge(machine.Host, runtime.Cache), CacheFolder).Describe(made));
            }
        }
        else if (PassThru && Planned is { } plan)
        {
            WriteObject(new CniPlan(plan.ToPlan(Verb, network.Name, asked), CacheFolder));
        }
    }

    // Kept with the attachment, so that they are there again on a network that takes them.
    private void WarnOfPorts(Attachment asked, NetworkConfigurationList network)
    {
        if (CapabilityPorts.Of(asked.CapabilityArgs) is { Count: > 0 } ports && !new NetworkFacts(network).Capabilities.Contains("portMappings"))
        {
            WriteWarning($"No plugin of network {network.Name} takes ports of the host: {string.Join(", ", ports)} of container {asked.ContainerId} will lead nowhere.");
        }
    }

    private Attachment Asked(CachedAttachment cached, NetworkConfigurationList network)
    {
        Attachment given = cached.ToAttachment();
        given = given with { Args = CniArgs ?? given.Args, CapabilityArgs = Capabilities ?? given.CapabilityArgs };
        Attachment asked = cached.HasArgumentsOf(given) ? cached.ToAttachment(network) : given; // those of the object that came along are its own
        if (PortMapping is null)
        {
            return asked;
        }

        List<KeyValuePair<string, System.Text.Json.JsonElement>> others = [.. asked.CapabilityArgs];
        others.RemoveAll(static pair => pair.Key == "portMappings");
        return new RequestedSettings { PortMappings = PortMapping }.ApplyTo(asked with { CapabilityArgs = others }, network);
    }
}
