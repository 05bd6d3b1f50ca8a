using System.Linq;
using System.Management.Automation;
using CniPS.Plugins.Ipam;

namespace CniPS.Commands;

/// <summary>Shows the nodes of the cluster that this one is in: when each was last heard of, and which blocks of addresses it has.</summary>
[Cmdlet(VerbsCommon.Get, "CniNode")]
[OutputType(typeof(CniNode))]
public sealed class GetCniNodeCommand : CniCommand
{
    /// <summary>Nodes to show, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[]? Node { get; set; }

    /// <summary>The socket that this node's daemon, cnipsd, listens at.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string SocketPath { get; set; } = ClusterDaemon.DefaultSocket;

    /// <inheritdoc/>
    protected override void ProcessItem()
    {
        string path = ResolvePath(SocketPath);
        Wildcards names = new(Node);
        foreach (ClusterNode node in ClusterDaemon.Nodes(path, Cancellation))
        {
            if (names.Fit(node.Name))
            {
                WriteObject(new CniNode(node, path));
            }
        }

        ReportMissing(names.Missing.Select(NodeErrors.NotFound));
    }
}
