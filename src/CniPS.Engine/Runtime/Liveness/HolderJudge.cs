using CniPS.Linux.Host;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>
/// Judges for ADD whoever holds what it needs, such as a port of the host: by what a cache knows of the attachment, else by what the thing that
/// was found says. What is proven gone holds nothing. How young it is does not count: an interface is there before anything that leads to it.
/// </summary>
public sealed class HolderJudge : IAttachmentJudge
{
    private readonly ResultCache _cache;
    private readonly LivenessJudge _judge;

    /// <summary>Makes one.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">Where the cache is.</param>
    public HolderJudge(IHost host, RuntimeOptions options)
    {
        _cache = new ResultCache(host, options);
        _judge = new LivenessJudge(host, _cache);
    }

    /// <inheritdoc/>
    public string? WhyKept(AttachmentClaim claim)
    {
        Verdict verdict = Find(claim) is { } cached ? _judge.Judge(cached) : _judge.Judge(claim);
        return verdict.IsGone ? null : verdict.Reason;
    }

    private CachedAttachment? Find(AttachmentClaim claim)
    {
        foreach (CachedAttachment cached in _cache.List())
        {
            if (cached.Network == claim.Network && cached.ContainerId == claim.ContainerId && (claim.InterfaceName ?? cached.InterfaceName) == cached.InterfaceName)
            {
                return cached;
            }
        }

        return null;
    }
}
