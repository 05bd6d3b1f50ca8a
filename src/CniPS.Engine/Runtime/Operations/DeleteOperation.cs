using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>DEL of a list: what a killed process left goes first, and that DEL has begun is noted.</summary>
internal static class DeleteOperation
{
    internal static void Run(Services services, NetworkConfigurationList list, Attachment attachment, CancellationToken cancellation)
    {
        if (services.Options.LookFirst)
        {
            Requests.ValidateNames(list, attachment);
        }

        using AttachmentGuard guard = AttachmentGuard.EnterAnyway(services, list.Name, attachment, cancellation);
        bool isBegun = Intent.TryRead(guard.Journal?.Leftover ?? default) is { IsDeletion: true }; // and killed: it is done again
        CniException? unclean = isBegun ? null : CleanLeftover(services, guard, cancellation);
        CacheLookup? known = null;
        bool isNoted = isBegun || Note(services, list, attachment, guard, out known);
        List<CniException> failures;
        try
        {
            failures = AttachmentRemoval.Run(services, list, attachment, cancellation, known: known);
        }
        catch (CniException) when (isNoted)
        {
            guard.Journal?.Clear();
            throw;
        }

        if (failures.Count == 0 && unclean is not null)
        {
            throw unclean; // what is shared stands in the journal only
        }

        if (failures.Count == 0 || isNoted)
        {
            guard.Journal?.Clear(); // one that failed is no killed one: it is cached still
        }

        if (failures.Count > 0)
        {
            throw Combine(failures);
        }
    }

    // Of what is there, so that one who is killed leaves nothing that looks whole. Where there is no room for it, DEL has to do without.
    private static bool Note(Services services, NetworkConfigurationList list, Attachment attachment, AttachmentGuard guard, out CacheLookup? known)
    {
        known = null;
        if (!services.Options.Intents || guard.Journal is not { IsEmpty: true } journal)
        {
            return false;
        }

        CacheLookup found = services.Cache.Look(list.Name, attachment.ContainerId, attachment.InterfaceName);
        known = found;
        if (found.Entry is null)
        {
            return false;
        }

        try
        {
            ReadOnlyMemory<byte> first = Intent.FirstLine(list.Name, ListBytes.Of(list, services.Options), attachment, services.Options);
            journal.Write([.. first.Span, .. Intent.DeletionLine().Span]);
            return true;
        }
        catch (LinuxException e)
        {
            services.Observer?.Warn($"{e.Message}: should this DEL be killed, its attachment will look whole.");
            return false;
        }
    }

    private static CniException? CleanLeftover(Services services, AttachmentGuard guard, CancellationToken cancellation)
    {
        try
        {
            if (guard.Journal is { Leftover.IsEmpty: false } journal && LeftoverCleaner.Clean(services, journal.Leftover, cancellation, restore: false).Count == 0)
            {
                journal.Clear();
            }

            return null;
        }
        catch (CniException e)
        {
            return e;
        }
    }

    /// <summary>One error as it is, several as one.</summary>
    internal static CniException Combine(List<CniException> failures) => failures.Count == 1
        ? failures[0]
        : Failures.Combine(
            failures, CniErrorIds.DeleteIncomplete, "DEL", "; ", "The other plugins have done their part. Mend the causes and remove the attachment again.");
}
