using System.Linq;
using System.Management.Automation;
using CniPS.Plugins.Ipam;

namespace CniPS.Commands;

/// <summary>
/// Removes nodes from the cluster that are gone for good: their blocks can be claimed by others from then on. One that is alive is refused, unless
/// that is forced.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "CniNode", SupportsShouldProcess = true)]
[OutputType(typeof(CniNode))]
public sealed class RemoveCniNodeCommand : CniCommand
{
    /// <summary>The nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Node { get; set; } = [];

    /// <summary>The socket that this node's daemon, cnipsd, listens at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string SocketPath { get; set; } = ClusterDaemon.DefaultSocket;

    /// <summary>Also nodes that are alive.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the nodes that were removed; with -WhatIf, that would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        foreach (string name in Node)
        {
            Guard(() => Remove(name));
        }
    }

    private void Remove(string name)
    {
        string path = ResolvePath(SocketPath);
        ClusterNode node = ClusterDaemon.Nodes(path, Cancellation).FirstOrDefault(node => node.Name == name) ?? throw NodeErrors.NotFound(name);
        string action = $"node {name}: remove, and free its blocks ({node.Blocks.Count})";
        bool goOn = ShouldProcess(action, $"Remove node {name}, and free its blocks ({node.Blocks.Count})? Its containers must be gone.", "Confirm", out ShouldProcessReason reason);
        if (goOn)
        {
            node = ClusterDaemon.Remove(path, name, Force, Cancellation);
        }

        if (PassThru && (goOn || reason == ShouldProcessReason.WhatIf))
        {
            WriteObject(new CniNode(node, path));
        }
    }
}
