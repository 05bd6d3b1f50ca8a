using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// The attachments of all networks, from the intents and the cache. Of the network that is collected itself only the cache is asked: nobody is
/// adding to it meanwhile, and what a killed ADD has left is garbage.
/// </summary>
internal sealed class AttachmentRegister(Services services, string network) : IAttachmentRegister
{
    /// <inheritdoc/>
    public IReadOnlyList<RegisteredAttachment> Of(IReadOnlyCollection<string> containers)
    {
        HashSet<string> asked = [.. containers];
        List<RegisteredAttachment> found = [];
        // The intents first: an ADD that ends in between is in the cache by then.
        string folder = services.OwnFolder(AttachmentGuard.JournalFolder);
        foreach (string name in services.Options.Intents ? services.Host.ListFiles(folder) : [])
        {
            if (services.Host.ReadFile(Path.Join(folder, name), own: true) is { Length: > 0 } content
                && Intent.TryRead(content) is { } intent && intent.Network != network && asked.Contains(intent.Attachment.ContainerId))
            {
                found.Add(new RegisteredAttachment(intent.Attachment.ContainerId, intent.Attachment.InterfaceName, null));
            }
        }

        foreach (CachedAttachment cached in services.Cache.List())
        {
            if (asked.Contains(cached.ContainerId))
            {
                found.Add(new RegisteredAttachment(cached.ContainerId, cached.InterfaceName, AddressesOf(cached)));
            }
        }

        return found;
    }

    private static List<IPAddress>? AddressesOf(CachedAttachment cached)
    {
        if (cached.Result is not { } result)
        {
            return null;
        }

        List<IPAddress> addresses = [];
        foreach (CniIPConfig ip in result.Ips)
        {
            if (ip.Address is { } address)
            {
                addresses.Add(address.Address);
            }
        }

        return addresses;
    }
}
