using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>Takes an attachment out of the cache, without its plugins.</summary>
internal static class ForgetOperation
{
    internal static void Run(Services services, CachedAttachment attachment, CancellationToken cancellation)
    {
        using AttachmentGuard guard = AttachmentGuard.EnterAnyway(services, attachment.Network, attachment.ToAttachment(), cancellation);
        CacheLookup found = services.Cache.Look(attachment.Network, attachment.ContainerId, attachment.InterfaceName);
        if (found.Content is not null && !found.IsForeign)
        {
            Services.Apply(new Transaction(services.Host, services.Observer), new FileDelete(found.Path));
        }
    }
}
