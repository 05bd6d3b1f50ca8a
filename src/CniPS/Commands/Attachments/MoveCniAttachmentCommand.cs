using System.Management.Automation;
using CniPS.Completers;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Moves a living attachment to another network: same container, same interface, MAC address and arguments, and the address where it fits. It is taken
/// off and added in one: when that fails, it is there again as it was.
/// </summary>
[Cmdlet(VerbsCommon.Move, "CniAttachment", SupportsShouldProcess = true)]
[OutputType(typeof(CniAttachment), typeof(CniPlan))]
public sealed class MoveCniAttachmentCommand : ReplaceAttachmentCommand
{
    /// <summary>The network it goes to: its name, its file, or an object of New-CniNetwork or Get-CniNetwork.</summary>
    [Parameter(Mandatory = true)]
    [NetworkTransform]
    [ArgumentCompleter(typeof(NetworkCompleter))]
    public NetworkReference To { get; set; } = null!;

    /// <inheritdoc/>
    private protected override string Verb => "MOVE";

    /// <inheritdoc/>
    private protected override NetworkConfigurationList Target(AttachmentLookup found)
    {
        NetworkConfigurationList network = Networks.Load(To);
        return network.Name != found.Network ? network : throw new CniException(
            CniErrorIds.InvalidArgs, CniErrorCode.Unknown, $"{found.Attachment} is on network {network.Name} already")
        {
            RecommendedAction = "Update-CniAttachment gives it the network as that is now.",
            Target = network.Name,
        };
    }

    /// <inheritdoc/>
    private protected override bool IsDone(CachedAttachment cached, NetworkConfigurationList network, Attachment asked) => false;
}
