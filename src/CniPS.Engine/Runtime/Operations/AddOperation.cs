using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Files;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>ADD of a list: every plugin in order, each with the result of the one before; then the result is cached.</summary>
internal sealed class AddOperation
{
    private readonly Services _services;
    private readonly RuntimeOptions _options;
    private readonly NetworkConfigurationList _list;
    private readonly Attachment _attachment;
    private readonly Action<CniResult>? _tell;
    private readonly CancellationToken _cancellation;

    internal AddOperation(
        Services services, NetworkConfigurationList list, Attachment attachment, Action<CniResult>? tell, CancellationToken cancellation)
    {
        _services = services;
        _options = services.Options;
        _list = list;
        _attachment = attachment;
        _tell = tell;
        _cancellation = cancellation;
    }

    internal CniResult? Run()
    {
        if (_options.LookFirst)
        {
            AddPreconditions.LookFirst(_services, _list, _attachment);
        }

        using AttachmentGuard guard = AttachmentGuard.Enter(_services, _list.Name, _attachment, _cancellation);
        AddPreconditions.CleanLeftover(_services, guard, _attachment, _cancellation);
        string? cachePath = _options.RefuseExisting ? AddPreconditions.ClearTheWay(_services, _list, _attachment, _cancellation) : null;
        WriteIntent(guard);
        return Call(guard, cachePath);
    }

    private void WriteIntent(AttachmentGuard guard)
    {
        if (_options.Intents && guard.Journal is { } journal)
        {
            Addition.Journal(() => journal.Write(Intent.FirstLine(_list.Name, ListBytes.Of(_list, _options), _attachment, _options).Span));
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

    private CniResult? Call(AttachmentGuard guard, string? cachePath)
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
            invoker.UndoPrograms = !_options.Rollback || !invoker.MayRunPrograms(_list) || !IsInterfaceThere(context);
            CniResult? result = Addition.Run(_services, _list, _attachment, context, invoker, journal);
            Addition.Journal(() => SharedRecord.Note(_services, _list.Name, shared, _cancellation)); // before the cache says that it had finished
            CachedResult.Write(_services, transaction, _list, _attachment, result, cachePath);
            if (result is not null)
            {
                _tell?.Invoke(result);
            }

            guard.Journal?.Clear();
            return result;
        }
        catch (PlanEndsException)
        {
            return null;
        }
        catch (Exception e) when (_options.Rollback && !_services.Host.IsPlan)
        {
            IReadOnlyList<Exception> notUndone = [.. transaction.Rollback(), .. NoteLeft(shared)];
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

    // What others use by now stays, and is ours.
    private List<Exception> NoteLeft(List<SharedThing> shared)
    {
        if (shared.Count == 0)
        {
            return []; // then the record knows nothing of this ADD, and need not be read
        }

        try
        {
            shared.RemoveAll(thing => thing.IsGone(_services.Host));
            SharedRecord.Note(_services, _list.Name, shared);
            SharedRecord.ForgetGone(_services, _list.Name);
            return [];
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            return [KernelErrors.Wrap(e)];
        }
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
}
