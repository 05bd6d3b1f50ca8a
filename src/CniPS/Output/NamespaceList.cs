using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>Network namespaces as objects of the pipeline, with the attachments that a cache knows in them.</summary>
internal sealed class NamespaceList
{
    private readonly Dictionary<NamespaceId, List<CniAttachment>> _attachments = [];

    /// <summary>Reads a cache.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="cachePath">The cache's folder.</param>
    /// <param name="unreadable">Told why it can't be read.</param>
    internal NamespaceList(IHost host, string cachePath, System.Action<string> unreadable)
    {
        try
        {
            ResultCache cache = Caches.Open(host, cachePath);
            LivenessJudge judge = new(host, cache);
            CachedAttachments attachments = new(host, judge, cachePath);
            foreach (CachedAttachment cached in cache.List())
            {
                // Not by the path alone: it can be of a process whose id another was given.
                Verdict verdict = judge.Judge(cached);
                if ((verdict.Namespace ?? (verdict.PathHolds || verdict.IsForeign ? NetworkNamespace.TryIdentify(cached.NetNS) : null)) is { } id)
                {
                    (_attachments.TryGetValue(id, out List<CniAttachment>? list) ? list : _attachments[id] = []).Add(attachments.Describe(cached, verdict));
                }
            }
        }
        catch (CniException e)
        {
            unreadable(e.Message);
        }
    }

    /// <summary>Those with names, by name.</summary>
    internal IEnumerable<CniNamespace> Named() => Describe(NamespaceSurvey.Named());

    /// <summary>Those with names, by name, and those of processes, by their first process.</summary>
    internal IEnumerable<CniNamespace> WithProcesses() => Describe(NamespaceSurvey.WithProcesses());

    /// <summary>One that is known by its path only.</summary>
    internal CniNamespace Describe(string path, NamespaceId? id) => Describe(new NamespaceEntry(path, id, []));

    private IEnumerable<CniNamespace> Describe(IEnumerable<NamespaceEntry> entries)
    {
        foreach (NamespaceEntry entry in entries)
        {
            yield return Describe(entry);
        }
    }

    private CniNamespace Describe(NamespaceEntry entry) => new(entry.Path, entry.Id, [.. entry.Processes])
    {
        Known = entry.Id is { } id && _attachments.TryGetValue(id, out List<CniAttachment>? attachments) ? [.. attachments] : [],
    };
}
