using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using CniPS.Completers;
using CniPS.Linux.Host;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Puts a container on a network (ADD). When anything fails, or Ctrl+C comes, what was made is taken back. An attachment that is there
/// already is refused, and stays as it is.
/// </summary>
[Cmdlet(VerbsCommon.Add, "CniAttachment", SupportsShouldProcess = true)]
[OutputType(typeof(CniAttachment), typeof(CniPlan))]
public sealed class AddCniAttachmentCommand : AttachmentCommand
{
    private readonly HashSet<string> _typed = [];

    /// <inheritdoc/>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public override NamespaceReference? Namespace { get; set; }

    /// <summary>
    /// Ports of the host that lead into the container, as <c>8080:80/tcp</c>, <c>127.0.0.1:53:53/udp</c>. A plugin of the network must
    /// declare the capability <c>portMappings</c>.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextListTransform]
    [ArgumentCompleter(typeof(PortMappingCompleter))]
    public PortMapping[]? PortMapping { get; set; }

    /// <summary>The address to ask for: as the capability <c>ips</c> where it is declared, else as <c>IP</c> in CNI_ARGS.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [TextListTransform]
    [ArgumentCompleter(typeof(FreeAddressCompleter))]
    public string[]? IPAddress { get; set; }

    /// <summary>The MAC address to ask for: as the capability <c>mac</c> where it is declared, else as <c>MAC</c> in CNI_ARGS.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Mac")]
    public string? MacAddress { get; set; }

    /// <summary>What is piped: an attachment, whose addresses are all asked for. One of another network than the one that is typed says only where it is to be.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>With -WhatIf: emits the plan as an object. Without it the attachment is emitted in any case.</summary>
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
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _typed.UnionWith(MyInvocation.BoundParameters.Keys);
    }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        if (NamespaceReference.GoneProcess(Namespace?.Text ?? "") is not null)
        {
            throw NamespaceErrors.NotFound(Namespace!.Text);
        }

        NetworkConfigurationList network = Networks.Load(Network);
        bool isOfAnother = IsOfAnother(network);
        if (isOfAnother)
        {
            Forget();
        }

        RequestedSettings requested = Requested(isOfAnother);
        Attachment attachment = DescribeAttachment(network, requested);
        string target = $"container {attachment.ContainerId}, interface {attachment.InterfaceName}, network {network.Name}";
        Addition addition = new(network, attachment, requested) { CachePath = CacheFolder, PluginPath = string.Join(Path.PathSeparator, PluginFolders) };
        if (DoTogether(attachment.ContainerId, (runtime, item) =>
        {
            item.Title = Announcement(target);
            CniAttachment made = addition.Make(runtime, Cancellation);
            return () => WriteObject(made);
        }))
        {
            return;
        }

        using Machine.Loan machine = Machine.Borrow();
        if (Confirm(target, machine.Host, runtime => Planned!.Result = runtime.Add(network, attachment, Cancellation)))
        {
            WriteObject(addition.Make(CreateRuntime(machine.Host, new CommandObserver(this)), Cancellation));
        }
        else if (PassThru && Planned is { } plan)
        {
            WriteObject(new CniPlan(plan.ToPlan("ADD", network.Name, attachment), CacheFolder));
        }
    }

    private bool IsOfAnother(NetworkConfigurationList network) =>
        _typed.Contains(nameof(Network)) && InputObject?.Properties[nameof(Network)]?.Value?.ToString() is { Length: > 0 } other && other != network.Name;

    private void Forget()
    {
        PortMapping = _typed.Contains(nameof(PortMapping)) ? PortMapping : null;
        IPAddress = _typed.Contains(nameof(IPAddress)) ? IPAddress : null;
        MacAddress = _typed.Contains(nameof(MacAddress)) ? MacAddress : null;
        CapabilityArgs = _typed.Contains(nameof(CapabilityArgs)) ? CapabilityArgs : null;
        CniArgs = _typed.Contains(nameof(CniArgs)) ? CniArgs : null;
    }

    // Of an attachment's object IPAddress is only the first.
    private string[]? AllAddresses => InputObject?.Properties[nameof(CniAttachment.Addresses)]?.Value is { } addresses ? TextListTransformAttribute.Words(addresses) : null;

    // What is typed goes before what an object of the pipeline has.
    private RequestedSettings Requested(bool isOfAnother) => new()
    {
        PortMappings = PortMapping ?? [],
        Addresses = _typed.Contains(nameof(IPAddress)) || isOfAnother || AllAddresses is not { Length: > 0 } all ? IPAddress ?? [] : all,
        Mac = string.IsNullOrEmpty(MacAddress) && !_typed.Contains(nameof(MacAddress)) ? null : MacAddress,
        Typed = _typed,
    };

    private Attachment DescribeAttachment(NetworkConfigurationList network, RequestedSettings requested)
    {
        string path = NamespacePath ?? "";
        Attachment attachment = new()
        {
            ContainerId = GivenContainerId ?? ContainerIds.Of(path),
            NetNS = path,
            InterfaceName = Interface,
            Args = CniArgs ?? CniArgs.Empty,
        };
        if (Capabilities is { } capabilities)
        {
            attachment = attachment with { CapabilityArgs = capabilities };
        }

        CniNames.ValidateContainerId(attachment.ContainerId);
        CniNames.ValidateInterfaceName(attachment.InterfaceName);
        return requested.ApplyTo(attachment, network);
    }
}
