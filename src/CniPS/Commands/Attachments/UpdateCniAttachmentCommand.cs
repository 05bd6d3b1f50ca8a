using System.Management.Automation;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>
/// Gives a living attachment its network as that is now. Addresses, MAC address and arguments stay where they fit. It is taken off and added in one:
/// when that fails, it is there again as it was.
/// </summary>
[Cmdlet(VerbsData.Update, "CniAttachment", SupportsShouldProcess = true)]
[OutputType(typeof(CniAttachment), typeof(CniPlan))]
public sealed class UpdateCniAttachmentCommand : ReplaceAttachmentCommand
{
    /// <inheritdoc/>
    private protected override string Verb => "UPDATE";

    /// <inheritdoc/>
    private protected override NetworkConfigurationList Target(AttachmentLookup found) => Networks.Load(Network);

    /// <inheritdoc/>
    private protected override bool IsDone(CachedAttachment cached, NetworkConfigurationList network, Attachment asked) =>
        cached.IsMadeWith(network) && cached.HasArgumentsOf(asked);
}
