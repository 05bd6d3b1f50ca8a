using CniPS.Facts;
using CniPS.Linux.Host;
using CniPS.Runtime;

namespace CniPS;

/// <summary>Attachments of a cache as objects of the pipeline.</summary>
internal static class CachedAttachments
{
    internal static CniAttachment Describe(CachedAttachment cached, IHost host, string folder)
    {
        string? bridge = cached.Configuration is { } configuration ? new NetworkFacts(configuration).Bridge : null;
        ResultFacts made = new(cached.Result, cached.InterfaceName, bridge);
        return new CniAttachment(cached.Network, cached.ToAttachment(), cached.Configuration, cached.Result)
        {
            Seen = AttachmentProbe.Look(host, cached.NetNS, cached.InterfaceName, made),
            Created = cached.Created.LocalDateTime,
            CachePath = folder,
        };
    }
}
