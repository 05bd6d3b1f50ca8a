using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Decides, for the GC of one network, what stays: of the cache, and of what no cache knows.</summary>
internal sealed class CollectionJudge
{
    private readonly Services _services;
    private readonly NetworkConfigurationList _list;
    private readonly IReadOnlyList<AttachmentKey> _named;
    private readonly LivenessJudge _judge;
    private readonly Dictionary<AttachmentKey, Verdict> _verdicts = [];
    private readonly List<string> _doubts = [];
    private readonly HashSet<string> _leaseFolders = [LeaseInventory.DefaultDataFolder];

    internal CollectionJudge(Services services, NetworkConfigurationList list, IReadOnlyList<AttachmentKey> named)
    {
        _services = services;
        _list = list;
        _named = named;
        _judge = new LivenessJudge(services.Host, services.Cache);
        if (LeaseInventory.DataFolderOf(list) is { } folder)
        {
            _leaseFolders.Add(folder);
        }

        OfUncached = new ClaimJudge(services.Host, _judge, list.Name, _leaseFolders, services.Options.Patience, named);
    }

    /// <summary>Judges what no cache knows.</summary>
    internal ClaimJudge OfUncached { get; }

    /// <summary>What of the cache stays: what the caller names, or where he names nothing what is not proven gone; and what can't be told.</summary>
    /// <param name="given">What the caller names; null: nothing.</param>
    /// <param name="all">The attachments in the cache.</param>
    internal List<AttachmentKey> Valid(IReadOnlyList<AttachmentKey>? given, IReadOnlyList<CachedAttachment> all)
    {
        List<AttachmentKey> valid = [.. given ?? []];
        HashSet<AttachmentKey> listed = [.. valid];
        foreach (CachedAttachment cached in all)
        {
            AttachmentKey key = KeyOf(cached);
            if (cached.Network != _list.Name || listed.Contains(key))
            {
                continue;
            }

            Verdict verdict = _verdicts[key] = _judge.Judge(cached);
            if (IsNamed(key))
            {
                continue;
            }

            if (verdict.State == LifeState.Unknown)
            {
                _doubts.Add($"{key.ContainerId}/{key.InterfaceName}: {verdict.Reason}");
            }

            if (verdict.State == LifeState.Unknown || (verdict.IsAlive && given is null))
            {
                valid.Add(key);
            }
        }

        valid.RemoveAll(IsNamed);
        return valid;
    }

    /// <summary>
    /// The same, and who has an address of the network without being in the cache: for plugins of others, which remove whatever the list that they
    /// are given doesn't have.
    /// </summary>
    internal List<AttachmentKey> WithUncached(IReadOnlyList<AttachmentKey>? valid)
    {
        List<AttachmentKey> all = [.. valid ?? []];
        HashSet<AttachmentKey> listed = [.. all];
        foreach (string folder in _leaseFolders)
        {
            foreach (Lease lease in LeaseFolder.Read(_services.Host, folder, _list.Name))
            {
                AttachmentKey key = new(lease.ContainerId, lease.InterfaceName ?? CnitoolDefaults.InterfaceName);
                if (lease.ContainerId.Length > 0 && !listed.Contains(key) && OfUncached.WhyKept(ClaimOf(folder, lease)) is not null && listed.Add(key))
                {
                    all.Add(key);
                }
            }
        }

        return all;
    }

    /// <summary>What DEL is given for a cached attachment: its namespace where the path leads there still, else where it was seen.</summary>
    internal Attachment ToAttachment(CachedAttachment cached)
    {
        Attachment attachment = cached.ToAttachment();
        return _verdicts.TryGetValue(KeyOf(cached), out Verdict? verdict) ? verdict.Direct(attachment) : attachment;
    }

    /// <summary>Tells what was kept because it could not be told whether it is gone.</summary>
    internal void TellDoubts()
    {
        foreach (string doubt in (string[])[.. _doubts, .. OfUncached.Doubtful])
        {
            _services.Observer?.Warn($"Network {_list.Name} keeps {doubt}: it can't be told whether it is gone. Who names it can remove it all the same.");
        }
    }

    private bool IsNamed(AttachmentKey key)
    {
        foreach (AttachmentKey named in _named)
        {
            if (named == key)
            {
                return true;
            }
        }

        return false;
    }

    private AttachmentClaim ClaimOf(string folder, Lease lease) => new(_list.Name)
    {
        ContainerId = lease.ContainerId,
        InterfaceName = lease.InterfaceName,
        Addresses = [lease.Address],
        Since = LeaseFolder.TimeOf(folder, _list.Name, lease.Address),
    };

    private static AttachmentKey KeyOf(CachedAttachment cached) => new(cached.ContainerId, cached.InterfaceName);
}
