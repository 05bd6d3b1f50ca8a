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
        using Machine.Loan machine = Machine.Borrow();
        string target = $"container {attachment.ContainerId}, interface {attachment.InterfaceName}, network {network.Name}";
        if (Confirm(target, machine.Host, runtime => Planned!.Result = runtime.Add(network, attachment, Cancellation)))
        {
            CniRuntime runtime = CreateRuntime(machine.Host, new CommandObserver(this));
            CniResult? result = runtime.Add(network, attachment, Cancellation);
            CniAttachment made = new(network.Name, attachment, network, result)
            {
                Seen = Look(machine.Host, attachment, result),
                Created = DateTime.Now,
                CachePath = CacheFolder,
                PluginPath = string.Join(Path.PathSeparator, PluginFolders),
            };
            if (requested.DifferenceOf(made) is { } difference)
            {
                runtime.Delete(network, attachment, Cancellation);
                throw difference;
            }

            WriteObject(made);
        }
        else if (PassThru && Planned is { } plan)
        {
            WriteObject(new CniPlan(plan.ToPlan("ADD", network.Name, attachment), CacheFolder));
        }
    }

    // Results up to 0.2.0 say nothing of interfaces.
    private static Sighting Look(IHost host, Attachment attachment, CniResult? result) => result is null or { Interfaces.Count: > 0 }
        ? new Sighting(CniAttachmentState.Alive)
        : AttachmentProbe.Look(host, attachment.NetNS, attachment.InterfaceName);

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
