using CniPS.Facts;
using CniPS.Linux.Host;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Attachments of a cache as objects of the pipeline.</summary>
internal static class CachedAttachments
{
    /// <summary>Describes one.</summary>
    /// <param name="cached">The attachment.</param>
    /// <param name="host">The machine.</param>
    /// <param name="judge">Knows what became of it.</param>
    /// <param name="folder">The cache's folder.</param>
    internal static CniAttachment Describe(CachedAttachment cached, IHost host, LivenessJudge judge, string folder) =>
        Describe(cached, host, judge.Judge(cached), folder);

    /// <summary>Describes one of which it is known what became of it.</summary>
    internal static CniAttachment Describe(CachedAttachment cached, IHost host, Verdict verdict, string folder)
    {
        string? bridge = cached.Configuration is { } configuration ? new NetworkFacts(configuration).Bridge : null;
        ResultFacts made = new(cached.Result, cached.InterfaceName, bridge);
        return new CniAttachment(cached.Network, cached.ToAttachment(), cached.Configuration, cached.Result)
        {
            Seen = AttachmentProbe.Look(host, verdict, made),
            IsOutdated = OutdatedAttachments.Has(cached),
            Created = cached.Created.LocalDateTime,
            CachePath = folder,
        };
    }
}
