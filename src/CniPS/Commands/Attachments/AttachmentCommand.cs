using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text.Json;
using CniPS.Completers;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>The parameters that stand on all of Add-, Test- and Remove-CniAttachment.</summary>
public abstract class AttachmentCommand : RuntimeCommand
{
    /// <summary>
    /// The network: its name, the path of its file (with a <c>/</c> in it, as in <c>./mybridge.conf</c>), or an object of New-CniNetwork or
    /// Get-CniNetwork.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [NetworkTransform]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkReference Network { get; set; } = null!;

    /// <summary>The container's namespace: its name, path, process id, or an object of New-CniNamespace or Get-CniNamespace.</summary>
    public abstract NamespaceReference? Namespace { get; set; }

    /// <summary>The container's id. Default: the namespace's name, else cnitool's hash of its path.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerCompleter))]
    public string? ContainerId { get; set; }

    /// <summary>The interface's name in the container.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("IfName", "InterfaceName")]
    [ArgumentCompleter(typeof(InterfaceCompleter))]
    public string Interface { get; set; } = Defaults.Interface;

    /// <summary>Capability arguments: a table of what the network's plugins declare, such as <c>@{ portMappings = @(…) }</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DictionaryTransform]
    public IDictionary? CapabilityArgs { get; set; }

    /// <summary>CNI_ARGS: a hashtable, or <c>'K=V;K=V'</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CniArgsTransform]
    public CniArgs? CniArgs { get; set; }

    /// <inheritdoc/>
    protected sealed override object? ErrorTarget => Place.Target;

    /// <inheritdoc/>
    private protected sealed override ItemPlace Place => new AttachmentPlace(ContainerId ?? Namespace?.Text, Interface, Network.Text);

    /// <summary>Finds configurations as this session names them.</summary>
    private protected NetworkSource Networks => new(ResolvePath);

    /// <summary>The capability arguments as JSON; null where none were given.</summary>
    private protected IReadOnlyList<KeyValuePair<string, JsonElement>>? Capabilities =>
        CapabilityArgs switch
        {
            null => null,
            CniCapabilityArgs known => known.Properties,
            _ => JsonValue.ToProperties(CapabilityArgs),
        };

    /// <summary>The container's id as given; null where it is not. One that is given but empty is refused by whoever checks it.</summary>
    private protected string? GivenContainerId => IsBound(nameof(ContainerId)) ? ContainerId ?? "" : null;

    /// <summary>The namespace's path; null where none was given.</summary>
    private protected string? NamespacePath => string.IsNullOrEmpty(Namespace?.Text) ? null : Namespace.ToPath(ResolvePath);
}
