using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Errors about attachments that several commands have.</summary>
internal static class AttachmentErrors
{
    internal static CniException NotFound(AttachmentLookup found, string cacheFolder, string? verb)
    {
        string missing = $"interface {found.Attachment.InterfaceName} of container {found.Attachment.ContainerId} on network {found.Network}";
        return new CniException(
            RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, $"the cache {cacheFolder} holds no {missing}")
        {
            RecommendedAction = "Get-CniAttachment lists what there is.",
            Target = found.Attachment.ContainerId,
            Verb = verb,
        };
    }
}
