using CniPS.Facts;
using CniPS.Linux.Host;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Attachments of a cache as objects of the pipeline: for one look at some, since what it has read of their networks it keeps.</summary>
/// <param name="host">The machine.</param>
/// <param name="judge">Knows what became of them.</param>
/// <param name="folder">The cache's folder.</param>
internal sealed class CachedAttachments(IHost host, LivenessJudge judge, string folder)
{
    private readonly OutdatedAttachments _outdated = new();

    /// <summary>Describes one.</summary>
    internal CniAttachment Describe(CachedAttachment cached) => Describe(cached, judge.Judge(cached));

    /// <summary>Describes one of which it is known what became of it.</summary>
    internal CniAttachment Describe(CachedAttachment cached, Verdict verdict)
    {
        string? bridge = cached.Configuration is { } configuration ? new NetworkFacts(configuration).Bridge : null;
        ResultFacts made = new(cached.Result, cached.InterfaceName, bridge);
        return new CniAttachment(cached.Network, cached.ToAttachment(), cached.Configuration, cached.Result)
        {
            Seen = AttachmentProbe.Look(host, verdict, made),
            IsOutdated = _outdated.Has(cached),
            Created = cached.Created.LocalDateTime,
            CachePath = folder,
        };
    }
}
