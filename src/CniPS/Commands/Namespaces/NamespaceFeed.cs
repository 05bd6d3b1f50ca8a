using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CniPS.Linux;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>Makes or removes a burst's namespaces, as many at once as have come.</summary>
/// <param name="work">Does it with those of different names, and says for each what went wrong.</param>
/// <param name="refuse">What a failure is called in a command's words: the name, and what the kernel said.</param>
internal sealed class NamespaceFeed(Func<IReadOnlyList<string>, IReadOnlyList<LinuxException?>> work, Func<string, LinuxException, Exception> refuse) : IBurstFeed
{
    private BulkFeed<Named, BurstOutcome>? _feed;

    /// <summary>Gives one, for which there must be room.</summary>
    /// <param name="item">The item.</param>
    /// <param name="name">The namespace's name.</param>
    /// <param name="write">Writes what came of it; called where nothing went wrong.</param>
    internal void Give(BurstItem item, string name, Action write) => (_feed ??= new BulkFeed<Named, BurstOutcome>(Round)).Give(new Named(item, name, write));

    /// <inheritdoc/>
    public bool TryTake(TimeSpan limit, out BurstOutcome outcome) => _feed!.TryTake(limit, out outcome);

    private void Round(IReadOnlyList<Named> items, Action<BurstOutcome> done, CancellationToken stop)
    {
        foreach (List<Named> different in ByName(items))
        {
            if (stop.IsCancellationRequested || different[0].Item.IsInVain)
            {
                different.ForEach(_ => done(new BurstOutcome(null, null, new OperationCanceledException(stop))));
                continue;
            }

            IReadOnlyList<LinuxException?> failures = Work(different);
            for (int i = 0; i < different.Count; i++)
            {
                Named named = different[i];
                LinuxException? failure = failures[i];
                Exception? error = failure is null ? null : refuse(named.Name, failure);
                named.Item.Note(error);
                done(new BurstOutcome(null, named.Write, error));
            }
        }
    }

    private IReadOnlyList<LinuxException?> Work(List<Named> different)
    {
        try
        {
            return work([.. different.Select(named => named.Name)]);
        }
        catch (LinuxException e)
        {
            return [.. Enumerable.Repeat(e, different.Count)]; // it was none's own
        }
    }

    // One that is named again has its turn after the first is done.
    private static List<List<Named>> ByName(IReadOnlyList<Named> items)
    {
        List<List<Named>> groups = [[]];
        HashSet<string> names = [];
        foreach (Named named in items)
        {
            if (!names.Add(named.Name))
            {
                names = [named.Name];
                groups.Add([]);
            }

            groups[^1].Add(named);
        }

        return groups;
    }

    /// <inheritdoc/>
    public void Dispose() => _feed?.Dispose();

    private sealed record Named(BurstItem Item, string Name, Action Write);
}
