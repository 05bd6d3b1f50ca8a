using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Errors about attachments that several commands have.</summary>
internal static class AttachmentErrors
{
    internal static CniException NotFound(AttachmentLookup found, string cacheFolder, string? verb)
    {
        string interfaceName = found.Attachment.InterfaceName, containerId = found.Attachment.ContainerId;
        string missing = $"interface {interfaceName} of container {containerId} on network {found.Network}";
        return new CniException(
            RuntimeErrorIds.AttachmentNotFound, CniErrorCode.UnknownContainer, $"the cache {cacheFolder} holds no {missing}")
        {
            RecommendedAction = "Get-CniAttachment lists what there is.",
            Target = containerId,
            Verb = verb,
        };
    }
}
