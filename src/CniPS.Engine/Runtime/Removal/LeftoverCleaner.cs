using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// Takes away what an ADD left that was killed: what its native plugins had made of their own, what the programs it had started made, and
/// the shared things it had made that nobody uses. A DEL that was killed is finished. What a change was to replace is made again.
/// </summary>
internal static class LeftoverCleaner
{
    /// <summary>Cleans up. The caller holds the attachment's journal.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="leftover">What stands in the journal.</param>
    /// <param name="cancellation">Stops it between two steps.</param>
    /// <param name="restore">Whether what was to be replaced is made again; not where it is removed anyway.</param>
    /// <returns>What could not be taken away; then the journal must be kept.</returns>
    /// <exception cref="CniException">The shared things can't be noted, or the cache can't be read; then as well.</exception>
    internal static IReadOnlyList<CniException> Clean(
        Services services, ReadOnlyMemory<byte> leftover, CancellationToken cancellation, bool restore = true)
    {
        if (Intent.TryRead(leftover) is not { } intent)
        {
            return []; // killed before the first change
        }

        try
        {
            // Whatever comes: what it made, or may have made, is ours, and others may use it by now.
            SharedRecord.Note(services, intent.Network, intent.Shared);
        }
        catch (Exception e) when (KernelErrors.Is(e))
        {
            throw KernelErrors.Wrap(e);
        }

        if (HadFinished(services, intent))
        {
            return Forget(services, intent);
        }

        List<CniException> failures = Undo(services, intent, cancellation);
        if (failures.Count == 0 && restore && !services.Host.IsPlan && Replaced(services, intent) is { } old)
        {
            Try(failures, () => Restoration.Run(services, old));
        }

        return failures;
    }

    /// <summary>Whether it had finished: ADD caches the result last, and DEL forgets it last.</summary>
    internal static bool HadFinished(Services services, Intent intent) =>
        services.Cache.Find(intent.Network, intent.Attachment.ContainerId, intent.Attachment.InterfaceName) is { } cached
            ? !intent.IsDeletion && (intent.Replaces is null || cached.IsMadeWith(intent.Config, intent.Attachment))
            : intent.IsDeletion;

    /// <summary>What was to be replaced, where the cache has it still, and its namespace is there.</summary>
    internal static CachedAttachment? Replaced(Services services, Intent intent) =>
        intent.Replaces is { } network && services.Cache.Find(network, intent.Attachment.ContainerId, intent.Attachment.InterfaceName) is { } old
        && NamespaceGlance.At(services.Host, old.NetNS, AttachmentEvidence.Of(old)) is { Namespace: not null, MayBeAnothers: false } ? old : null;

    // Killed between the two: the new one is cached, and so is the old one.
    private static List<CniException> Forget(Services services, Intent intent)
    {
        List<CniException> failures = [];
        if (intent.Replaces is { } network && network != intent.Network
            && services.Cache.Find(network, intent.Attachment.ContainerId, intent.Attachment.InterfaceName) is { } old)
        {
            Try(failures, () => Services.Apply(new Transaction(services.Host, services.Observer), new FileDelete(old.Path)));
        }

        return failures;
    }

    private static List<CniException> Undo(Services services, Intent intent, CancellationToken cancellation)
    {
        Attachment attachment = intent.Attachment;
        string place = $"{attachment.ContainerId}, interface {attachment.InterfaceName}";
        services.Observer?.Warn(
            intent.IsDeletion ? $"A DEL of {place}, from network {intent.Network} was killed half-way; it is finished."
            : intent.Replaces is { } network ? $"A change of {place}, network {network}, was killed half-way; it is made again as it was."
            : $"An ADD of {place}, to network {intent.Network} was killed half-way; what it left is removed.");
        List<CniException> failures = [];
        Transaction transaction = new(services.Host, services.Observer);
        Undo(services, intent, transaction, failures, cancellation);
        Try(failures, () => RemoveHalfWritten(services, attachment, intent.Network, transaction));
        for (int i = intent.Shared.Count - 1; i >= 0; i--)
        {
            SharedThing thing = intent.Shared[i];
            Try(failures, () => transaction.RemoveUnused(thing));
        }

        if (intent.Shared.Count > 0)
        {
            Try(failures, () => SharedRecord.ForgetGone(services, intent.Network));
        }

        return failures;
    }

    // What the result was being written into; only on file systems without nameless files. Who has the journal is alone at it.
    private static void RemoveHalfWritten(Services services, Attachment attachment, string network, Transaction transaction)
    {
        string result = Path.GetFileName(services.Cache.Look(network, attachment.ContainerId, attachment.InterfaceName).Path);
        foreach (string name in services.Host.ListFiles(services.Cache.Folder))
        {
            if (BesideFile.IsOf(name, result))
            {
                Services.Apply(transaction, new FileDelete(Path.Join(services.Cache.Folder, name)));
            }
        }
    }

    private static void Try(List<CniException> failures, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is CniException || KernelErrors.Is(e))
        {
            failures.Add(e as CniException ?? KernelErrors.Wrap(e));
        }
    }

    private static void Undo(
        Services services, Intent intent, Transaction transaction, List<CniException> failures, CancellationToken cancellation)
    {
        NetworkConfigurationList list;
        try
        {
            list = NetworkConfigurationList.Parse(intent.Config);
        }
        catch (CniException e)
        {
            failures.Add(e);
            return;
        }

        Services then = services with { Options = services.Options with { PluginSource = intent.Source, PluginPath = intent.PluginPath } };
        if (intent.IsDeletion)
        {
            failures.AddRange(AttachmentRemoval.Run(then, list, intent.Attachment, cancellation));
            return;
        }

        PluginInvoker invoker = new(then.Host, then.Options, then.Observer);
        using PluginContext context = then.Context(transaction, invoker, cancellation, onlyOwn: true);
        Deletion.Run(then, list, intent.Attachment, null, context, invoker, intent, failures);
    }
}
