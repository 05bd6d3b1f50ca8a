using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Facts;
using CniPS.Linux.Route;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS;

/// <summary>The networks of the configuration folder, and those that only the cache knows any more.</summary>
internal sealed class KnownNetworks
{
    private readonly List<NetworkConfigurationList> _lists = [];
    private readonly Dictionary<string, IpPrefix[]> _subnets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Their configurations: one for each name, that of the folder before that of the cache.</summary>
    internal IReadOnlyList<NetworkConfigurationList> Lists => _lists;

    /// <summary>Whether there is a network of that name.</summary>
    internal bool Knows(string name) => _names.Contains(name);

    internal static KnownNetworks Find(string configurationFolder, ResultCache cache)
    {
        KnownNetworks known = new();
        foreach (NetworkConfigurationList list in new NetworkConfigurationFolder(configurationFolder).LoadUsed())
        {
            known.Add(list);
        }

        foreach (CachedAttachment cached in cache.List())
        {
            if (cached.Configuration is { } list)
            {
                known.Add(list);
            }
        }

        return known;
    }

    /// <summary>Where addresses may be given out: host-local's folder and the network's name.</summary>
    /// <param name="folder">The only folder to look in; null: the default one, and those that configurations name.</param>
    internal IEnumerable<(string DataFolder, string Network)> Leases(string? folder)
    {
        HashSet<(string, string)> seen = [];
        foreach (string network in LeaseInventory.Networks(folder ?? LeaseInventory.DefaultDataFolder))
        {
            _names.Add(network);
            seen.Add((folder ?? LeaseInventory.DefaultDataFolder, network));
            yield return (folder ?? LeaseInventory.DefaultDataFolder, network);
        }

        foreach (NetworkConfigurationList list in _lists)
        {
            string? own = folder is null && CniNames.IsValidNetworkName(list.Name) ? LeaseInventory.DataFolderOf(list) : null;
            if (own is not null && seen.Add((own, list.Name)))
            {
                yield return (own, list.Name);
            }
        }
    }

    /// <summary>An address in its subnet; null where no configuration has one for it.</summary>
    internal IpPrefix? PrefixOf(string network, IPAddress address)
    {
        if (!_subnets.TryGetValue(network, out IpPrefix[]? subnets))
        {
            subnets = _lists.Find(list => list.Name == network) is { } found ? new NetworkFacts(found).Subnets : [];
            _subnets.Add(network, subnets);
        }

        int index = Array.FindIndex(subnets, subnet => subnet.Contains(address));
        return index < 0 ? null : new IpPrefix(address, subnets[index].Length);
    }

    private void Add(NetworkConfigurationList list)
    {
        if (_names.Add(list.Name))
        {
            _lists.Add(list);
        }
    }
}
