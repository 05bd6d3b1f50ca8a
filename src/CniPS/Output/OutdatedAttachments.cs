using System;
using System.Collections.Generic;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>Which attachments were made with a network that says something else by now. Each network is read once.</summary>
internal sealed class OutdatedAttachments
{
    private readonly Dictionary<string, NetworkConfigurationList?> _networks = new(StringComparer.Ordinal);

    /// <summary>Whether the network of that name in the configuration folder is another one; not where there is none that can be read.</summary>
    internal bool Has(CachedAttachment cached)
    {
        if (!_networks.TryGetValue(cached.Network, out NetworkConfigurationList? now))
        {
            now = Read(cached.Network);
            _networks.Add(cached.Network, now);
        }

        return now is not null && !cached.IsMadeWith(now);
    }

    private static NetworkConfigurationList? Read(string network)
    {
        try
        {
            return new NetworkConfigurationFolder(Defaults.ConfigurationFolder).Load(network, strict: false);
        }
        catch (CniException)
        {
            return null; // it is in no file, or in one that Get-CniNetwork complains about
        }
    }
}
