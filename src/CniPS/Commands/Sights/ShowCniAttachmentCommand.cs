using System.Management.Automation;
using CniPS.Pictures;

namespace CniPS.Commands;

/// <summary>Draws attachments as a tree of text: from the host by its bridges to the containers.</summary>
[Cmdlet(VerbsCommon.Show, "CniAttachment")]
[OutputType(typeof(CniTreeLine))]
public sealed class ShowCniAttachmentCommand : TopologyCommand
{
    /// <inheritdoc/>
    private protected override void Draw(NetworkTopology topology)
    {
        foreach (TopologyTreeLine line in TopologyTree.Draw(topology))
        {
            WriteObject(new CniTreeLine(line));
        }
    }
}
