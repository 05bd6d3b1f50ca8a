using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using CniPS.Linux.Files;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>
/// Which shared things the attachments of a network have made, in <c>cnips/shared/</c>: DEL leaves them, and GC must know them for ours.
/// One JSON object a line, as in an intent record. A thing stands in an intent before it is made, and here before that intent is forgotten; it is
/// forgotten here once it is gone. So whoever is killed, and wherever, leaves a note of it. Lines are put behind those that are there, or the file
/// is replaced as a whole: it is never cut short.
/// </summary>
internal static class SharedRecord
{
    internal const string Folder = "shared";
    private const uint FileMode = 0x180; // 0600
    private const byte LineEnd = (byte)'\n';

    /// <summary>Notes what an ADD made, or may have made.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="network">The network.</param>
    /// <param name="made">What was made.</param>
    /// <param name="cancellation">Ends the wait for who has the record; none where something is being undone.</param>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    internal static void Note(Services services, string network, IReadOnlyList<SharedThing> made, CancellationToken cancellation = default)
    {
        if (made.Count == 0 || services.Host.IsPlan)
        {
            return;
        }

        using JournalFile record = services.InOwnFolder(
            Folder, FileNames.Of(network), path => JournalFile.Open(path, FileMode, cancellation));
        HashSet<string> known = new(StringComparer.Ordinal);
        Intent.ReadShared(record.Leftover).ForEach(thing => known.Add(Text(thing)));
        List<byte> lines = [];
        foreach (SharedThing thing in made)
        {
            if (known.Add(Text(thing)))
            {
                lines.AddRange(Intent.SharedLine(thing).Span);
            }
        }

        if (lines.Count > 0)
        {
            bool cutShort = !record.Leftover.IsEmpty && record.Leftover.Span[^1] != LineEnd; // by a full disk
            record.Append(cutShort ? [LineEnd, .. lines] : [.. lines]);
        }
    }

    /// <summary>Removes what nobody uses, the last made first, and then forgets what is gone. The caller holds the network's lock.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="network">The network.</param>
    /// <param name="remove">Removes a thing; what is in use stays.</param>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    internal static void RemoveUnused(Services services, string network, Action<SharedThing> remove)
    {
        List<SharedThing> things = Intent.ReadShared(services.Host.ReadFile(PathOf(services, network), own: true));
        for (int i = things.Count - 1; i >= 0; i--)
        {
            remove(things[i]);
        }

        ForgetGone(services, network);
    }

    /// <summary>Forgets what is gone. It is looked at while the record is held: whoever makes it again notes it afterwards.</summary>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    internal static void ForgetGone(Services services, string network)
    {
        using JournalFile? record = services.Host.IsPlan ? null : JournalFile.TryOpen(PathOf(services, network));
        if (record is null)
        {
            return; // there is none, or another ADD or DEL is at it: the next one forgets
        }

        List<byte> kept = [];
        bool changed = false;
        foreach (SharedThing thing in Intent.ReadShared(record.Leftover))
        {
            if (thing.IsGone(services.Host))
            {
                changed = true;
            }
            else
            {
                kept.AddRange(Intent.SharedLine(thing).Span);
            }
        }

        if (changed)
        {
            record.Replace([.. kept], FileMode);
        }
    }

    private static string PathOf(Services services, string network) => Path.Join(services.OwnFolder(Folder), FileNames.Of(network));

    // Records with lists in them are equal only to themselves.
    private static string Text(SharedThing thing) => Encoding.UTF8.GetString(Intent.SharedLine(thing).Span);
}
