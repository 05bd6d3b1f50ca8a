using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>GC of what killed processes left of a network: attachments whose ADD had begun, and calls of plugins that others had made.</summary>
/// <param name="services">What the operation works with.</param>
/// <param name="list">The network.</param>
/// <param name="notes">Where it is noted.</param>
/// <param name="cancellation">Stops it between two.</param>
internal sealed class UnfinishedCollection(
    Services services, NetworkConfigurationList list, CollectionNotes notes, CancellationToken cancellation)
{
    /// <summary>Those that are there again, or at last: they live.</summary>
    internal HashSet<AttachmentKey> Restored { get; } = [];

    /// <summary>Removes it. What can't be removed is a failure in the notes.</summary>
    internal void Run()
    {
        string folder = services.OwnFolder(AttachmentGuard.JournalFolder);
        foreach (string name in services.Host.ListFiles(folder))
        {
            if (name.StartsWith(list.Name + ",", StringComparison.Ordinal) || name.StartsWith("sha512,", StringComparison.Ordinal))
            {
                cancellation.ThrowIfCancellationRequested();
                Remove(Path.Join(folder, name));
            }
        }

        List<CniException> failures = [];
        UnfinishedCalls.Collect(services, list, Removed, failures, cancellation);
        foreach (CniException failure in failures)
        {
            notes.Fail($"failed to delete what a killed plugin left: {failure.Message}", failure);
        }

        RemoveHalfWritten();
    }

    // What results, and the record of shared things, were being written into by processes that were killed.
    private void RemoveHalfWritten()
    {
        RemoveHalfWritten(services.Cache.Folder, name => name.StartsWith($".{list.Name}-", StringComparison.Ordinal));
        RemoveHalfWritten(services.OwnFolder(SharedRecord.Folder), name => BesideFile.IsOf(name, FileNames.Of(list.Name)));
    }

    private void RemoveHalfWritten(string folder, Predicate<string> isOurs)
    {
        try
        {
            foreach (string name in BesideFile.Left(services.Host.ListFiles(folder)))
            {
                if (isOurs(name))
                {
                    Services.Apply(new Transaction(services.Host, services.Observer), new FileDelete(Path.Join(folder, name)));
                }
            }
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            CniException failure = e as CniException ?? KernelErrors.Wrap(e, verb: CniVerb.GarbageCollect);
            notes.Fail(failure.Message, failure);
        }
    }

    private void Removed(Attachment attachment) => notes.Removed(new CollectedAttachment(
        list.Name, attachment.ContainerId, attachment.InterfaceName, attachment.NetNS, WasUnfinished: true));

    // What is half made is never valid, whoever says so: its ADD was killed, and can't end any more.
    private void Remove(string path)
    {
        try
        {
            // In a plan nothing is opened: what stands there may be of an ADD that is under way.
            using JournalFile? journal = services.Host.IsPlan ? null : JournalFile.TryOpen(path);
            ReadOnlyMemory<byte> leftover = journal?.Leftover ?? (services.Host.IsPlan ? services.Host.ReadFile(path, own: true) : null);
            if (Intent.TryRead(leftover) is not { } intent || (intent.Network != list.Name && intent.Replaces != list.Name))
            {
                return;
            }

            bool finished = LeftoverCleaner.HadFinished(services, intent);
            bool lives = intent.Replaces is not null && (finished || LeftoverCleaner.Replaced(services, intent) is not null);
            IReadOnlyList<CniException> failures = LeftoverCleaner.Clean(services, leftover, cancellation);
            foreach (CniException failure in failures)
            {
                notes.Fail($"failed to delete unfinished attachment {intent.Attachment.ContainerId} {intent.Attachment.InterfaceName}: {failure.Message}", failure);
            }

            if (failures.Count == 0)
            {
                journal?.Clear();
                if (lives)
                {
                    Restored.Add(intent.Attachment.Key);
                }
                else if (!finished)
                {
                    Removed(intent.Attachment);
                }
            }
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            CniException failure = e as CniException ?? KernelErrors.Wrap(e, verb: CniVerb.GarbageCollect);
            notes.Fail(failure.Message, failure);
        }
    }
}
