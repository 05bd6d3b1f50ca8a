using System.Management.Automation;
using CniPS.Pictures;

namespace CniPS.Commands;

/// <summary>Draws attachments as a tree of text: from the host by its bridges to the containers.</summary>
[Cmdlet(VerbsCommon.Show, "CniAttachment")]
[OutputType(typeof(CniTreeLine))]
public sealed class ShowCniAttachmentCommand : TopologyCommand
{
    /// <summary>
    /// One line for each bridge, and what else containers are on: its networks, and how many containers and ports of the host are below it.
    /// </summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>How many levels below the host to draw; below the last one it is counted. Default: all.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Depth { get; set; }

    /// <inheritdoc/>
    private protected override void Draw(NetworkTopology topology)
    {
        NetworkTopology drawn = Summary ? topology.Fold(0) : topology;
        foreach (TopologyTreeLine line in TopologyTree.Draw(drawn, Summary ? 1 : Depth > 0 ? Depth : null))
        {
            WriteObject(new CniTreeLine(line));
        }
    }
}
