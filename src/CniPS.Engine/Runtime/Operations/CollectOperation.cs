using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using CniPS.Linux.Files;
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
    private readonly List<CniException> _failures = [];
    private readonly List<CollectedAttachment> _removed = [];
    private readonly List<CollectedThing> _things = [];
    private readonly ChangeRecorder _recorder;

    internal CollectOperation(Services services, NetworkConfigurationList list, IReadOnlyList<AttachmentKey> named, CancellationToken cancellation)
    {
        _recorder = new ChangeRecorder(services.Observer);
        _services = services with { Observer = _recorder };
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

            return Report();
        }

        using IDisposable? locked = AttachmentGuard.LockNetwork(_services, _list.Name, exclusive: true, _cancellation);
        valid = _judge?.Valid(valid) ?? valid;
        HashSet<AttachmentKey> kept = valid is null ? [] : [.. valid];
        RemoveUnfinished();
        RemoveStale(kept);
        CallPlugins(_judge?.WithUncached(valid) ?? valid);
        if (_options.CollectAlways)
        {
            RemoveShared();
        }

        _judge?.TellDoubts();
        return _failures.Count == 0 ? Report() : throw Failed();
    }

    private GarbageReport Report() => new(_removed, _things);

    private void RemoveUnfinished()
    {
        if (!_options.Intents)
        {
            return;
        }

        string folder = _services.OwnFolder(AttachmentGuard.JournalFolder);
        foreach (string name in _services.Host.ListFiles(folder))
        {
            if (name.StartsWith(_list.Name + ",", StringComparison.Ordinal) || name.StartsWith("sha512,", StringComparison.Ordinal))
            {
                _cancellation.ThrowIfCancellationRequested();
                RemoveUnfinished(Path.Join(folder, name));
            }
        }

        List<CniException> failures = [];
        UnfinishedCalls.Collect(_services, _list, RemovedUnfinished, failures, _cancellation);
        foreach (CniException failure in failures)
        {
            Fail($"failed to delete what a killed plugin left: {failure.Message}", failure);
        }
    }

    private void RemovedUnfinished(Attachment attachment) => Removed(new CollectedAttachment(
        _list.Name, attachment.ContainerId, attachment.InterfaceName, attachment.NetNS, WasUnfinished: true));

    // What is half made is never valid, whoever says so: its ADD was killed, and can't end any more.
    private void RemoveUnfinished(string path)
    {
        try
        {
            // In a plan nothing is opened: what stands there may be of an ADD that is under way.
            using JournalFile? journal = _services.Host.IsPlan ? null : JournalFile.TryOpen(path);
            ReadOnlyMemory<byte> leftover = journal?.Leftover ?? (_services.Host.IsPlan ? _services.Host.ReadFile(path, own: true) : null);
            if (Intent.TryRead(leftover) is not { } intent || intent.Network != _list.Name)
            {
                return;
            }

            bool finished = LeftoverCleaner.HadFinished(_services, intent);
            IReadOnlyList<CniException> failures = LeftoverCleaner.Clean(_services, leftover, _cancellation);
            foreach (CniException failure in failures)
            {
                Fail($"failed to delete unfinished attachment {intent.Attachment.ContainerId} {intent.Attachment.InterfaceName}: {failure.Message}", failure);
            }

            if (failures.Count == 0)
            {
                journal?.Clear();
                if (!finished)
                {
                    RemovedUnfinished(intent.Attachment);
                }
            }
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            CniException failure = e as CniException ?? KernelErrors.Wrap(e, verb: CniVerb.GarbageCollect);
            Fail(failure.Message, failure);
        }
    }

    private void RemoveStale(HashSet<AttachmentKey> kept)
    {
        foreach (CachedAttachment cached in _services.Cache.List())
        {
            if (cached.Network != _list.Name || kept.Contains(new AttachmentKey(cached.ContainerId, cached.InterfaceName)))
            {
                continue;
            }

            _cancellation.ThrowIfCancellationRequested();
            NetworkConfigurationList list = (_options.UseCachedConfiguration ? cached.Configuration : null) ?? _list;
            List<CniException> failures = Delete(list, cached);
            foreach (CniException failure in failures)
            {
                Fail($"failed to delete stale attachment {cached.ContainerId} {cached.InterfaceName}: {failure.Message}", failure);
            }

            if (failures.Count == 0)
            {
                Removed(new CollectedAttachment(cached.Network, cached.ContainerId, cached.InterfaceName, cached.NetNS, WasUnfinished: false));
            }
        }
    }

    private List<CniException> Delete(NetworkConfigurationList list, CachedAttachment cached)
    {
        try
        {
            return DeleteOperation.Core(_services, list, _judge?.ToAttachment(cached) ?? cached.ToAttachment() with { NetNS = cached.Entry.NetNS }, _cancellation);
        }
        catch (CniException e)
        {
            return [e];
        }
    }

    private void Removed(CollectedAttachment attachment)
    {
        _removed.Add(attachment);
        _things.Add(new CollectedThing(
            attachment.WasUnfinished ? CollectedKind.UnfinishedAttachment : CollectedKind.Attachment,
            attachment.Network,
            $"{attachment.ContainerId}/{attachment.InterfaceName}",
            attachment.ContainerId,
            attachment.InterfaceName) { Changes = _recorder.Take() });
    }

    /// <summary>Notes changes that belong to no attachment, as far as the plugins have not said whose they were.</summary>
    private void Noted(IReadOnlyList<CollectedThing> told)
    {
        HashSet<Change> known = new(ReferenceEqualityComparer.Instance);
        foreach (CollectedThing thing in told)
        {
            _things.Add(thing);
            known.UnionWith(thing.Changes);
        }

        foreach (Change change in _recorder.Take())
        {
            if (!known.Contains(change))
            {
                _things.Add(CollectedThing.Of(change, _list.Name));
            }
        }
    }

    private void CallPlugins(IReadOnlyList<AttachmentKey>? valid)
    {
        bool hasVerb = CniVersion.TryParse(_list.CniVersion, out CniVersion version) && version.AtLeast(VersionSupport.CollectSince);
        if (!hasVerb && !_options.CollectAlways)
        {
            return;
        }

        _recorder.Take(); // what deletions that failed have changed is told with the error
        PluginInvoker invoker = new(_services.Host, _options, _services.Observer) { OnlyNative = !hasVerb };
        using PluginContext context = _services.Context(
            new Transaction(_services.Host, _services.Observer), invoker, _cancellation, attachments: new AttachmentRegister(_services, _list.Name), judge: _judge?.OfUncached);
        foreach (PluginConfiguration plugin in _list.Plugins)
        {
            _cancellation.ThrowIfCancellationRequested();
            PluginRequest request = new()
            {
                Verb = CniVerb.GarbageCollect,
                Path = _options.PluginPath,
                Config = plugin.ToGCRequest(_list.Name, hasVerb ? _list.CniVersion : VersionSupport.CollectSince, valid),
            };
            try
            {
                invoker.Invoke(plugin.Type, request, context);
            }
            catch (CniException e)
            {
                Fail($"failed to GC plugin {plugin.Type}: {e.Message}", e);
            }
        }

        Noted(context.Collected);
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
                    Fail($"failed to remove the unused {thing.Kind}: {failure.Message}", failure);
                }
            });
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            CniException failure = KernelErrors.Wrap(e, verb: CniVerb.GarbageCollect);
            Fail(failure.Message, failure);
        }

        Noted([]);
    }

    private void Fail(string message, CniException cause) => _failures.Add(
        new CniException(cause.ErrorId, cause.Code, message, innerException: cause)
        {
            PluginType = cause.PluginType,
            Verb = cause.Verb ?? "GC",
            Target = cause.Target,
            RecommendedAction = cause.RecommendedAction,
        });

    private GarbageException Failed()
    {
        CniException failure = _failures.Count == 1
            ? _failures[0]
            : Failures.Combine(
                _failures, RuntimeErrorIds.CollectionIncomplete, "GC", "\n", "Everything else was collected. Mend the causes and collect again.", target: _list.Name);
        return new GarbageException(failure, Report())
        {
            PluginType = failure.PluginType,
            Verb = failure.Verb,
            Target = failure.Target,
            RecommendedAction = failure.RecommendedAction,
        };
    }
}
