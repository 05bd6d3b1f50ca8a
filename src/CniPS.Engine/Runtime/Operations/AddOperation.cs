using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>ADD of a list: every plugin in order, each with the result of the one before; then the result is cached.</summary>
internal sealed class AddOperation
{
    private const uint FileMode = 0x180; // 0600

    private readonly Services _services;
    private readonly RuntimeOptions _options;
    private readonly NetworkConfigurationList _list;
    private readonly Attachment _attachment;
    private readonly CancellationToken _cancellation;
    private string? _cachePath;

    internal AddOperation(Services services, NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation)
    {
        _services = services;
        _options = services.Options;
        _list = list;
        _attachment = attachment;
        _cancellation = cancellation;
    }

    internal CniResult? Run()
    {
        if (_options.LookFirst)
        {
            LookFirst();
        }

        using AttachmentGuard guard = AttachmentGuard.Enter(_services, _list.Name, _attachment, _cancellation);
        CleanLeftover(guard);
        if (_options.RefuseExisting)
        {
            ClearTheWay();
        }

        WriteIntent(guard);
        return Call(guard);
    }

    /// <summary>Everything that can be known to go wrong before anything is changed.</summary>
    private void LookFirst()
    {
        Requests.ValidateNames(_list, _attachment);
        CniVersion.Parse(_list.CniVersion);
        PluginInvoker invoker = new(_services.Host, _options);
        foreach (PluginConfiguration plugin in _list.Plugins)
        {
            try
            {
                if (invoker.Resolve(plugin.Type, _options.PluginPath).Native is { } native)
                {
                    VersionSupport.Require(CniVerb.Add, _list.CniVersion, native.SupportedVersions);
                }
            }
            catch (CniException e)
            {
                throw new PluginCallException(plugin, CniVerb.Add, e);
            }
        }
    }

    private void CleanLeftover(AttachmentGuard guard)
    {
        if (guard.Journal is not { Leftover.IsEmpty: false } journal)
        {
            return;
        }

        IReadOnlyList<CniException> failures = LeftoverCleaner.Clean(_services, journal.Leftover, _cancellation);
        if (failures.Count > 0)
        {
            StringBuilder text = new("what a killed ADD left of this attachment can't be removed: ");
            for (int i = 0; i < failures.Count; i++)
            {
                text.Append(i == 0 ? "" : "; ").Append(failures[i].Message);
            }

            throw new CniException(RuntimeErrorIds.LeftoverStuck, CniErrorCode.Internal, text.ToString(), innerException: failures[0])
            {
                Verb = "ADD",
                Target = _attachment,
                RecommendedAction = "Remove-CniAttachment removes what it can and forgets the rest.",
            };
        }

        journal.Clear();
    }

    /// <summary>Refuses an attachment that is there and alive; removes one that is only in the cache.</summary>
    private void ClearTheWay()
    {
        CacheLookup found = _services.Cache.Look(_list.Name, _attachment.ContainerId, _attachment.InterfaceName);
        if (found.Entry is not { } entry)
        {
            _cachePath = found.Path;
            return;
        }

        CachedAttachment cached = new(entry, found.Path);
        if (Liveness.IsAlive(_services.Host, cached))
        {
            throw new CniException(
                RuntimeErrorIds.AttachmentExists,
                CniErrorCode.Internal,
                $"container {_attachment.ContainerId} is attached to network {_list.Name} already, as {_attachment.InterfaceName} in {cached.NetNS}")
            {
                Verb = "ADD",
                Target = _attachment,
                RecommendedAction = "Remove it first (Remove-CniAttachment), or choose another interface name.",
            };
        }

        _services.Observer?.Warn(
            $"Container {_attachment.ContainerId}, interface {_attachment.InterfaceName}, is in the cache of network {_list.Name}, but gone; it is removed first.");
        List<CniException> failures = DeleteOperation.Core(_services, cached.Configuration ?? _list, cached.ToAttachment(), _cancellation);
        if (failures.Count > 0)
        {
            throw DeleteOperation.Combine(failures);
        }
    }

    private void WriteIntent(AttachmentGuard guard)
    {
        if (_options.Intents && guard.Journal is { } journal)
        {
            Journal(() => journal.Write(Intent.FirstLine(_list.Name, ListBytes.Of(_list, _options), _attachment, _options).Span));
        }
        else if (_services.Host.IsPlan && _options.Intents)
        {
            string path = System.IO.Path.Join(
                _services.OwnFolder(AttachmentGuard.JournalFolder), FileNames.Of(_list.Name, _attachment.ContainerId, _attachment.InterfaceName));
            if (_services.Host.FileExists(path))
            {
                _services.Observer?.Warn($"{path}: another ADD of this attachment is under way, or was killed; ADD would first wait for it, or clean up after it.");
            }
        }
    }

    private CniResult? Call(AttachmentGuard guard)
    {
        JournalFile? journal = _options.Intents ? guard.Journal : null;
        List<SharedThing> shared = [];
        Transaction transaction = new(_services.Host, _services.Observer)
        {
            Noting = journal is null ? null : thing =>
            {
                journal.Append(Intent.SharedLine(thing).Span);
                shared.Add(thing);
            },
        };
        PluginInvoker invoker = new(_services.Host, _options, _services.Observer);
        using PluginContext context = _services.Context(transaction, invoker, _cancellation);
        try
        {
            invoker.UndoPrograms = !_options.Rollback || !MayRunPrograms(invoker) || !IsInterfaceThere(context);
            CniResult? result = CallPlugins(invoker, context, journal);
            WriteCache(transaction, result);
            Journal(() => SharedRecord.Note(_services, _list.Name, shared));
            guard.Journal?.Clear();
            return result;
        }
        catch (PlanEndsException)
        {
            return null;
        }
        catch (Exception e) when (_options.Rollback && !_services.Host.IsPlan)
        {
            IReadOnlyList<Exception> notUndone = transaction.Rollback();
            if (notUndone.Count == 0)
            {
                guard.Journal?.Clear(); // else it stays, for the next one to try
            }

            switch (e)
            {
                case CniException error:
                    throw PluginCallException.AfterRollback(error, notUndone);
                case OperationCanceledException:
                    throw new OperationCanceledException($"ADD was stopped; {PluginCallException.RollbackText(notUndone)}.", e, _cancellation);
                default:
                    throw;
            }
        }
    }

    private CniResult? CallPlugins(PluginInvoker invoker, PluginContext context, JournalFile? journal)
    {
        CniResult? result = null;
        for (int i = 0; i < _list.Plugins.Count; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            PluginConfiguration plugin = _list.Plugins[i];
            int index = i;
            invoker.Starting = journal is null ? null : type => Journal(() => journal.Append(Intent.StartedLine(index, type).Span));
            try
            {
                ResolvedPlugin resolved = invoker.Resolve(plugin.Type, _options.PluginPath);
                if (!_options.LookFirst)
                {
                    Requests.ValidateNames(_list, _attachment);
                }

                result = invoker.Invoke(resolved, Requests.Make(CniVerb.Add, _list, plugin, _attachment, result, _options), context);
            }
            catch (CniException e)
            {
                throw new PluginCallException(plugin, CniVerb.Add, e);
            }
            catch (PlanEndsException)
            {
                WarnOfPlansEnd(i);
                throw;
            }
        }

        return result;
    }

    private void WarnOfPlansEnd(int index)
    {
        StringBuilder text = new($"What {_list.Plugins[index].Type} would answer is not known: the plan ends here.");
        for (int i = index + 1; i < _list.Plugins.Count; i++)
        {
            text.Append(i == index + 1 ? " After it: " : ", ").Append(_list.Plugins[i].Type);
        }

        _services.Observer?.Warn(text.ToString());
    }

    private void WriteCache(Transaction transaction, CniResult? result)
    {
        string? path = null;
        try
        {
            path = _cachePath ?? _services.Cache.Look(_list.Name, _attachment.ContainerId, _attachment.InterfaceName).Path;
            _services.MakeFolder(_services.Cache.Folder);
            ReadOnlyMemory<byte> content = CacheEntry.Write(_list.Name, _attachment, ListBytes.Of(_list, _options), result);
            bool roomBeside = Encoding.UTF8.GetByteCount(System.IO.Path.GetFileName(path)) <= FileNames.Longest;
            Services.Apply(transaction, new FileWrite(path, content, FileMode, InPlace: !roomBeside));
        }
        catch (CniException e)
        {
            throw new CniException(
                RuntimeErrorIds.CacheUnwritable,
                CniErrorCode.IOFailure,
                $"failed to set network {GoText.Quote(_list.Name)} cached result: {e.Message}",
                innerException: e.InnerException ?? e)
            {
                Verb = "ADD",
                Target = path,
                RecommendedAction = e.RecommendedAction ?? "Name a cache folder that can be written (-CachePath).",
            };
        }
    }

    private bool MayRunPrograms(PluginInvoker invoker)
    {
        foreach (PluginConfiguration plugin in _list.Plugins)
        {
            if (!invoker.IsNative(plugin.Type) || (plugin.IpamType.Length > 0 && !invoker.IsNative(plugin.IpamType)))
            {
                return _options.PluginSource != PluginSource.Native;
            }
        }

        return false;
    }

    private bool IsInterfaceThere(PluginContext context)
    {
        try
        {
            return context.TryOpenNamespace(_attachment.NetNS, out _) is { } ns
                && _services.Host.FindLink(ns, _attachment.InterfaceName) is not null;
        }
        catch (LinuxException)
        {
            return true; // not known: then nothing may be removed
        }
    }

    private static void Journal(Action write)
    {
        try
        {
            write();
        }
        catch (LinuxException e)
        {
            throw KernelErrors.Wrap(e);
        }
    }
}
