using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Host;
using CniPS.Plugins.Ipam;
using CniPS.Runtime;

namespace CniPS.Observation;

/// <summary>The leases in host-local's folders, and how they differ from those that were there before.</summary>
/// <param name="host">The machine.</param>
/// <param name="dataFolders">host-local's folders.</param>
internal sealed class FolderItems(IHost host, IEnumerable<string> dataFolders)
{
    private readonly HashSet<string> _dataFolders = new(dataFolders, StringComparer.Ordinal);
    private Dictionary<string, (string Network, Lease Lease)> _leases = new(StringComparer.Ordinal);

    /// <summary>The folders that a change shows in.</summary>
    internal IEnumerable<string> Folders
    {
        get
        {
            foreach (string folder in _dataFolders)
            {
                yield return folder;
                foreach (string network in LeaseInventory.Networks(folder))
                {
                    yield return Path.Join(folder, network);
                }
            }
        }
    }

    /// <summary>Looks after a network's leases as well.</summary>
    internal void Add(CachedAttachment attachment)
    {
        if (attachment.Configuration is { } configuration && LeaseInventory.DataFolderOf(configuration) is { } folder)
        {
            _dataFolders.Add(folder);
        }
    }

    /// <summary>Reads again.</summary>
    /// <returns>What is different.</returns>
    internal List<(EventAction Action, string Network, Lease? Old, Lease? New)> Read()
    {
        Dictionary<string, (string Network, Lease Lease)> now = new(StringComparer.Ordinal);
        foreach (string folder in _dataFolders)
        {
            foreach (string network in LeaseInventory.Networks(folder))
            {
                Read(folder, network, now);
            }
        }

        List<(EventAction, string, Lease?, Lease?)> changes = [];
        foreach ((string path, (string network, Lease lease)) in _leases)
        {
            if (!now.ContainsKey(path))
            {
                changes.Add((EventAction.Removed, network, lease, null));
            }
        }

        foreach ((string path, (string network, Lease lease)) in now)
        {
            if (!_leases.TryGetValue(path, out (string, Lease Lease) before))
            {
                changes.Add((EventAction.Added, network, null, lease));
            }
            else if (before.Lease != lease)
            {
                changes.Add((EventAction.Changed, network, before.Lease, lease));
            }
        }

        _leases = now;
        return changes;
    }

    private void Read(string folder, string network, Dictionary<string, (string Network, Lease Lease)> leases)
    {
        foreach (Lease lease in LeaseFolder.Read(host, folder, network))
        {
            if (!lease.IsEmpty) // one that is just being written
            {
                leases[LeaseFolder.PathOf(folder, network, lease.Address)] = (network, lease);
            }
        }
    }
}
