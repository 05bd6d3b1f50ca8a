using System;
using System.Collections.Generic;
using System.Management.Automation;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>The attachments of a network that GC must leave, out of container ids and objects that name attachments.</summary>
internal static class KeptAttachments
{
    /// <summary>Makes the list for a network.</summary>
    /// <param name="given">Container ids, which stand for all attachments of theirs; or objects with ContainerId, Interface and perhaps Network.</param>
    /// <param name="list">The network.</param>
    /// <param name="known">The attachments that are known of it, from the cache and from host-local.</param>
    /// <exception cref="CniException">Something names no attachment.</exception>
    internal static List<AttachmentKey> Of(object[] given, NetworkConfigurationList list, IReadOnlyList<AttachmentKey> known)
    {
        List<AttachmentKey> kept = [];
        foreach (object item in given)
        {
            if (PowerShellValue.AsText(item) is { } id)
            {
                CniNames.ValidateContainerId(id);
                AddContainer(id, known, kept);
                continue;
            }

            PSObject named = PSObject.AsPSObject(item);
            if (Text(named, "ContainerId") is not { Length: > 0 } containerId)
            {
                throw new CniException(CniErrorIds.InvalidArgs, CniErrorCode.Unknown, $"-Keep {item} names no attachment")
                {
                    RecommendedAction = "Give container ids, or objects of Get-CniAttachment.",
                    Target = item,
                };
            }

            if (Text(named, "Network") is not { } network || network == list.Name)
            {
                if (Text(named, "Interface") is { Length: > 0 } interfaceName)
                {
                    kept.Add(new AttachmentKey(containerId, interfaceName));
                }
                else
                {
                    AddContainer(containerId, known, kept);
                }
            }
        }

        return kept;
    }

    private static void AddContainer(string containerId, IReadOnlyList<AttachmentKey> known, List<AttachmentKey> kept)
    {
        kept.Add(new AttachmentKey(containerId, Defaults.Interface));
        foreach (AttachmentKey key in known)
        {
            if (key.ContainerId == containerId)
            {
                kept.Add(key);
            }
        }
    }

    private static string? Text(PSObject named, string property) => named.Properties[property]?.Value?.ToString();
}
