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
/// One JSON object a line, as in an intent record.
/// </summary>
internal static class SharedRecord
{
    private const string Folder = "shared";
    private const uint FileMode = 0x180; // 0600

    /// <summary>Notes what an ADD that has succeeded made.</summary>
    internal static void Note(Services services, string network, IReadOnlyList<SharedThing> made)
    {
        if (made.Count == 0 || services.Host.IsPlan)
        {
            return;
        }

        using JournalFile record = services.InOwnFolder(
            Folder, FileNames.Of(network), path => JournalFile.Open(path, FileMode, CancellationToken.None));
        HashSet<string> known = new(StringComparer.Ordinal);
        Intent.ReadShared(record.Leftover).ForEach(thing => known.Add(Text(thing)));
        foreach (SharedThing thing in made)
        {
            if (known.Add(Text(thing)))
            {
                record.Append(Intent.SharedLine(thing).Span);
            }
        }
    }

    /// <summary>Removes what nobody uses, the last made first, and forgets it. The caller holds the network's lock.</summary>
    /// <param name="services">What to work with.</param>
    /// <param name="network">The network.</param>
    /// <param name="remove">Removes a thing, and tells whether that is done; what is in use stays.</param>
    internal static void RemoveUnused(Services services, string network, Func<SharedThing, bool> remove)
    {
        string path = Path.Join(services.OwnFolder(Folder), FileNames.Of(network));
        if (services.Host.IsPlan)
        {
            List<SharedThing> planned = Intent.ReadShared(services.Host.ReadFile(path));
            planned.Reverse();
            planned.ForEach(thing => remove(thing));
            return;
        }

        using JournalFile? record = JournalFile.TryOpen(path);
        if (record is null)
        {
            return;
        }

        List<SharedThing> things = Intent.ReadShared(record.Leftover);
        for (int i = things.Count - 1; i >= 0; i--)
        {
            if (remove(things[i]) || things[i].IsGone(services.Host))
            {
                things.RemoveAt(i);
            }
        }

        record.Write([]);
        things.ForEach(thing => record.Append(Intent.SharedLine(thing).Span));
    }

    // Records with lists in them are equal only to themselves.
    private static string Text(SharedThing thing) => Encoding.UTF8.GetString(Intent.SharedLine(thing).Span);
}
