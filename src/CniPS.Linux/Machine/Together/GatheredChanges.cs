using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Linux.Machine;

/// <summary>The changes of one operation that are made together with those of others, and what came of them.</summary>
/// <param name="lane">Whose.</param>
/// <param name="changes">The changes; all of one kind.</param>
internal sealed class GatheredChanges(Lane lane, IReadOnlyList<Change> changes)
{
    private IReadOnlyList<Applied>? _made;
    private ExceptionDispatchInfo? _failure;

    internal Lane Lane { get; } = lane;

    /// <summary>Whether somebody is making them.</summary>
    internal bool IsTaken { get; set; }

    /// <summary>One entry a change.</summary>
    /// <exception cref="ChangeException">One failed.</exception>
    internal IReadOnlyList<Applied> Made
    {
        get
        {
            _failure?.Throw();
            return _made!;
        }
    }

    /// <summary>Whether the kernel takes such changes better with others of their kind: one wait for many links, one transaction for many elements.</summary>
    internal static bool Suit(IHost host, IReadOnlyList<Change> changes)
    {
        foreach (Change change in changes)
        {
            if (change is not (LinkDelete { Link.Index: > 0 } or NftElementAdd or NftElementDelete)
                || ((NamespaceChange)change).Namespace.Id != host.Namespace.Id
                || IsLink(change) != IsLink(changes[0]))
            {
                return false;
            }
        }

        return changes.Count > 0;
    }

    /// <summary>Makes those of several operations. What fails in company is tried alone, so that each has its own error, and no other's.</summary>
    internal static void Make(IHost host, List<GatheredChanges> all)
    {
        Make(host, all, links: false);
        Make(host, all, links: true);
    }

    private static bool IsLink(Change change) => change is LinkDelete;

    private static void Make(IHost host, List<GatheredChanges> all, bool links)
    {
        List<Change> together = [];
        foreach (GatheredChanges one in all)
        {
            if (IsLink(one.Changes[0]) == links)
            {
                together.AddRange(one.Changes);
            }
        }

        if (together.Count == 0)
        {
            return;
        }

        Dictionary<Change, Applied> made = new(ReferenceEqualityComparer.Instance);
        try
        {
            Note(made, host.Apply(together));
        }
        catch (Exception e)
        {
            Note(made, e is ChangeException some ? some.Made : []); // each tries alone below, and has its own error
        }

        foreach (GatheredChanges one in all)
        {
            if (IsLink(one.Changes[0]) == links)
            {
                one.Settle(host, made);
            }
        }
    }

    private static void Note(Dictionary<Change, Applied> made, IReadOnlyList<Applied> entries)
    {
        foreach (Applied applied in entries)
        {
            made[applied.Change] = applied;
        }
    }

    private IReadOnlyList<Change> Changes { get; } = changes;

    private void Settle(IHost host, Dictionary<Change, Applied> made)
    {
        List<Applied> mine = [];
        foreach (Change change in Changes)
        {
            if (made.TryGetValue(change, out Applied? applied))
            {
                mine.Add(applied);
            }
        }

        _made = mine;
        if (mine.Count == Changes.Count)
        {
            return;
        }

        try
        {
            _made = host.Apply(Changes);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e); // thrown where it belongs, on the operation's own thread
        }
    }
}
