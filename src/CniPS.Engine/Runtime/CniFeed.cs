using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using CniPS.Linux.Host;

namespace CniPS.Runtime;

/// <summary>Operations of a runtime that come one by one, and are done together where they come quickly (<see cref="BulkFeed{TItem, TOutcome}"/>, <see cref="CniBulk"/>).</summary>
/// <typeparam name="T">What each gives.</typeparam>
public sealed class CniFeed<T> : IDisposable
{
    private readonly CniBulk _bulk;
    private readonly BulkFeed<BulkTask<T>, BulkOutcome<T>> _feed;

    /// <summary>Takes what it works with.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">How; where a task doesn't say otherwise.</param>
    /// <param name="atOnce">How many run at a time; 0: as <see cref="CniBulk"/> sees fit.</param>
    public CniFeed(IHost host, RuntimeOptions options, int atOnce = 0)
    {
        _bulk = new CniBulk(host, options, atOnce);
        _feed = new BulkFeed<BulkTask<T>, BulkOutcome<T>>(Round, Math.Max(4, atOnce));
    }

    /// <summary>How many were given and are not taken yet.</summary>
    public int Held => _feed.Held;

    /// <summary>Gives one. Those on the same container are done in their order.</summary>
    /// <param name="task">What is to be done.</param>
    public void Give(BulkTask<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _feed.Give(task.Observer is { } listener ? task with { Observer = new HeldObserver(listener) } : task);
    }

    /// <summary>Takes what came of the next one, if it is done. Its observer is told by <see cref="BulkOutcome{T}.Tell"/>.</summary>
    /// <param name="outcome">What came of it.</param>
    public bool TryTake([NotNullWhen(true)] out BulkOutcome<T>? outcome) => _feed.TryTake(out outcome);

    /// <summary>Waits for the next one, and takes what came of it. Its observer is told by <see cref="BulkOutcome{T}.Tell"/>.</summary>
    public BulkOutcome<T> Take() => _feed.Take();

    /// <summary>Waits some time for the next one, and takes what came of it. Its observer is told by <see cref="BulkOutcome{T}.Tell"/>.</summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="outcome">What came of it.</param>
    public bool TryTake(TimeSpan limit, [NotNullWhen(true)] out BulkOutcome<T>? outcome) => _feed.TryTake(limit, out outcome);

    private void Round(IReadOnlyList<BulkTask<T>> tasks, Action<BulkOutcome<T>> done, CancellationToken stop) =>
        _bulk.RunRound(tasks, outcome => done(outcome with { Words = tasks[outcome.Index].Observer as HeldObserver }), stop);

    /// <summary>Begins none any more, and waits for those under way.</summary>
    public void Dispose()
    {
        _feed.Dispose();
        _bulk.Dispose();
    }
}
