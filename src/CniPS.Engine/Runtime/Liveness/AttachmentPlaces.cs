using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;

namespace CniPS.Runtime;

/// <summary>Which attachment each interface is of, as far as the paths of their namespaces lead there. Nothing else is looked at.</summary>
internal sealed class AttachmentPlaces
{
    private readonly Dictionary<(NamespaceId Namespace, string InterfaceName), CachedAttachment> _found = [];
    private readonly Dictionary<NamespaceId, CachedAttachment> _first = [];

    /// <summary>Looks.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="attachments">The attachments that are known.</param>
    internal AttachmentPlaces(IHost host, IReadOnlyList<CachedAttachment> attachments)
    {
        foreach (CachedAttachment attachment in attachments)
        {
            AttachmentEvidence evidence = AttachmentEvidence.Of(attachment);
            foreach (string path in evidence.Paths)
            {
                if (NamespaceGlance.At(host, path, evidence) is { Kind: GlanceKind.Ours, Link: { } link, Namespace: { } id })
                {
                    _found.TryAdd((id, link.Name), attachment);
                    _first.TryAdd(id, attachment);
                }
            }
        }
    }

    /// <summary>Whose an interface is; null where no attachment's.</summary>
    internal CachedAttachment? At(NamespaceId ns, string interfaceName) => _found.GetValueOrDefault((ns, interfaceName));

    /// <summary>One of the attachments of a namespace; null where it has none.</summary>
    internal CachedAttachment? In(NamespaceId ns) => _first.GetValueOrDefault(ns);
}
