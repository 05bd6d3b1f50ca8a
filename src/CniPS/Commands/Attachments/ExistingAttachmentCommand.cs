using System.Management.Automation;
using CniPS.Completers;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>A command on an attachment that should be there already: what is not given is taken from the cache.</summary>
public abstract class ExistingAttachmentCommand : AttachmentCommand
{
    /// <inheritdoc/>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("NetNS")]
    [NamespaceTransform]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public override NamespaceReference? Namespace { get; set; }

    /// <summary>The attachment that is meant.</summary>
    private protected AttachmentLookup Find(ResultCache cache) => AttachmentLookup.Find(Query, cache, Networks);

    /// <summary>What is said of the attachment that is meant.</summary>
    private protected AttachmentQuery Query => new(Network, Interface)
    {
        ContainerId = GivenContainerId,
        NamespacePath = NamespacePath,
        Args = CniArgs,
        CapabilityArgs = Capabilities,
    };
}
