using System.Management.Automation;
using CniPS.Completers;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Gets what ADD returned for an attachment, from the cache, in the version it has there or another.</summary>
[Cmdlet(VerbsCommon.Get, "CniResult")]
[OutputType(typeof(CniAddResult))]
public sealed class GetCniResultCommand : CniCommand
{
    /// <summary>The network: its name, the path of its file, or an object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [NetworkTransform]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkReference Network { get; set; } = null!;

    /// <summary>The container's network namespace: its name, path, process id, or an object.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public NamespaceReference? Namespace { get; set; }

    /// <summary>The container's id. Default: the namespace's name, else cnitool's hash of its path.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? ContainerId { get; set; }

    /// <summary>The interface's name in the container.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IfName", "InterfaceName")]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string Interface { get; set; } = Defaults.Interface;

    /// <summary>The version of the result. Default: the one it was given in.</summary>
    [Parameter]
    [ValidateSet("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")]
    public string? CniVersion { get; set; }

    /// <summary>The folder in which results are kept.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string CachePath { get; set; } = Defaults.CachePath;

    /// <inheritdoc/>
    protected override object? ErrorTarget => ContainerId ?? Namespace?.Text ?? Network.Text;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string folder = ResolvePath(string.IsNullOrEmpty(CachePath) ? Defaults.CachePath : CachePath);
        AttachmentQuery query = new(Network, Interface)
        {
            ContainerId = IsBound(nameof(ContainerId)) ? ContainerId ?? "" : null,
            NamespacePath = string.IsNullOrEmpty(Namespace?.Text) ? null : Namespace.ToPath(ResolvePath),
        };
        using Machine.Loan machine = Machine.Borrow();
        AttachmentLookup found = AttachmentLookup.Find(query, Caches.Open(machine.Host, folder), new NetworkSource(ResolvePath));
        CniResult result = found.Cached?.Result ?? throw AttachmentErrors.NotFound(found, folder, null);
        WriteObject(new CniAddResult(CniVersion is null ? result : result.ConvertTo(CniVersion)));
    }
}
