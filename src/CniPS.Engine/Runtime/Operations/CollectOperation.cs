using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>GC of a list: what killed processes left, then DEL for what is cached and not valid, then GC of every plugin.</summary>
internal sealed class CollectOperation
{
    private readonly Services _services;
    private readonly RuntimeOptions _options;
    private readonly NetworkConfigurationList _list;
    private readonly CancellationToken _cancellation;
    private readonly CollectionJudge? _judge;
    private readonly CollectionNotes _notes;

    internal CollectOperation(Services services, NetworkConfigurationList list, IReadOnlyList<AttachmentKey> named, CancellationToken cancellation)
    {
        ChangeRecorder recorder = new(services.Observer);
        _services = services with { Observer = recorder };
        _notes = new CollectionNotes(list.Name, recorder);
        _options = services.Options;
        _list = list;
        _cancellation = cancellation;
        _judge = _options.ProveGone ? new CollectionJudge(_services, list, named) : null;
    }

    internal GarbageReport Run(IReadOnlyList<AttachmentKey>? valid)
    {
        if (_options.LookFirst)
        {
            CniNames.ValidateNetworkName(_list.Name);
            CniVersion.Parse(_list.CniVersion);
        }

        if (_list.DisableGC)
        {
            if (!_options.LibcniMessages)
            {
                _services.Observer?.Warn($"Network {_list.Name} has disableGC: nothing is collected. Others may use it with caches of their own.");
            }

            return _notes.Report();
        }

        using IDisposable? locked = AttachmentGuard.LockNetwork(_services, _list.Name, exclusive: true, _cancellation);
        // Looked at once: what a runtime writes down from here on was judged by nobody.
        IReadOnlyList<CachedAttachment> cached = _services.Cache.List();
        bool isGiven = valid is not null;
        valid = _judge?.Valid(valid, cached) ?? valid;
        if (_options.Intents)
        {
            UnfinishedCollection unfinished = new(_services, _list, _notes, _cancellation);
            unfinished.Run();
            valid = isGiven || unfinished.Restored.Count == 0 ? valid : [.. valid ?? [], .. unfinished.Restored]; // judged before they were there again
        }

        HashSet<AttachmentKey> kept = valid is null ? [] : [.. valid];
        RemoveStale(cached, kept);
        new PluginCollection(_services, _list, _notes, _cancellation).Run(Listed(valid), _judge?.OfUncached);
        if (_options.CollectAlways)
        {
            RemoveShared();
        }

        _judge?.TellDoubts();
        return _notes.End();
    }

    private void RemoveStale(IReadOnlyList<CachedAttachment> all, HashSet<AttachmentKey> kept)
    {
        foreach (CachedAttachment cached in all)
        {
            AttachmentKey key = new(cached.ContainerId, cached.InterfaceName);
            if (cached.Network != _list.Name || kept.Contains(key) || _notes.HasRemoved(key)) // of a DEL that was killed, and is finished by now
            {
                continue;
            }

            _cancellation.ThrowIfCancellationRequested();
            NetworkConfigurationList list = (_options.UseCachedConfiguration ? cached.Configuration : null) ?? _list;
            List<CniException> failures = Delete(list, cached);
            foreach (CniException failure in failures)
            {
                _notes.Fail($"failed to delete stale attachment {cached.ContainerId} {cached.InterfaceName}: {failure.Message}", failure);
            }

            if (failures.Count == 0)
            {
                _notes.Removed(new CollectedAttachment(cached.Network, cached.ContainerId, cached.InterfaceName, cached.NetNS, WasUnfinished: false));
            }
        }
    }

    private List<CniException> Delete(NetworkConfigurationList list, CachedAttachment cached)
    {
        try
        {
            return AttachmentRemoval.Run(_services, list, _judge?.ToAttachment(cached) ?? cached.ToAttachment() with { NetNS = cached.Entry.NetNS }, _cancellation);
        }
        catch (CniException e)
        {
            return [e];
        }
    }

    /// <summary>What the network's attachments share, and nobody uses any more.</summary>
    private void RemoveShared()
    {
        Transaction transaction = new(_services.Host, _services.Observer);
        try
        {
            SharedRecord.RemoveUnused(_services, _list.Name, thing =>
            {
                try
                {
                    transaction.RemoveUnused(thing);
                }
                catch (Exception e) when (KernelErrors.Is(e))
                {
                    CniException failure = KernelErrors.Wrap(e, verb: CniVerb.GarbageCollect);
                    _notes.Fail($"failed to remove the unused {thing.Kind}: {failure.Message}", failure);
                }
            });
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            CniException failure = KernelErrors.Wrap(e, verb: CniVerb.GarbageCollect);
            _notes.Fail(failure.Message, failure);
        }

        _notes.Noted([]);
    }

    // For programs: who lives is listed without being in the cache, too, but not who is half made.
    private IReadOnlyList<AttachmentKey>? Listed(IReadOnlyList<AttachmentKey>? valid)
    {
        if (_judge?.WithUncached(valid) is not { } all)
        {
            return valid;
        }

        HashSet<AttachmentKey> given = [.. valid ?? []], halfMade = UnfinishedCalls.HalfMade(_services, _list.Name);
        all.RemoveAll(key => halfMade.Contains(key) && !given.Contains(key));
        return all;
    }
}
