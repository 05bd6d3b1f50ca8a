using CniPS.Linux.Host;
using CniPS.Runtime;

namespace CniPS.Output;

/// <summary>Attachments of a cache as objects of the pipeline.</summary>
internal static class CachedAttachments
{
    internal static CniAttachment Describe(CachedAttachment cached, IHost host, string folder) =>
        new(cached.Network, cached.ToAttachment(), cached.Configuration, cached.Result)
        {
            Seen = AttachmentProbe.Look(host, cached.NetNS, cached.InterfaceName, new ResultFacts(cached.Result, cached.InterfaceName, null)),
            Created = cached.Created.LocalDateTime,
            CachePath = folder,
        };
}
