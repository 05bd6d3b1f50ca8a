using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;

namespace CniPS.Runtime;

/// <summary>
/// Many operations of a runtime at once. Each is what it is alone: it fails alone, is undone alone, has its own journal and its own words; the others
/// stand. But they run side by side, and what the kernel takes better together (links to be deleted, elements of nf_tables) goes together (<see cref="Lanes"/>).
/// Over a plan they are planned one after the other.
/// </summary>
public sealed class CniBulk : IDisposable
{
    /// <summary>So many are under way at most: each has a few files open.</summary>
    private const int Most = 128;

    /// <summary>The first ones are few, so that somebody who waits for results soon has one.</summary>
    private const int First = 4, Growth = 4;

    /// <summary>So few are begun one after the other, unless it was said how many run at a time: addresses are given out in their order.</summary>
    private const int Few = 16;

    private readonly IHost _host;
    private readonly RuntimeOptions _options;
    private readonly Lanes _lanes;
    private readonly int _atOnce;
    private readonly bool _isGiven;

    /// <summary>Takes what it works with.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">How.</param>
    /// <param name="atOnce">How many run at a time; 0: as many as there are processors, up to four.</param>
    public CniBulk(IHost host, RuntimeOptions options, int atOnce = 0)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        _host = host;
        _options = options;
        _isGiven = atOnce > 0;
        _atOnce = _isGiven ? atOnce : Math.Clamp(Environment.ProcessorCount, 1, 4);
        _lanes = new Lanes(host, Most);
    }

    /// <summary>Does them.</summary>
    /// <param name="tasks">What is to be done.</param>
    /// <param name="done">
    /// Is told of each, in their order, on the calling thread, while others are still under way. Where it throws, no other is begun, those under way are
    /// finished, and it is thrown on.
    /// </param>
    /// <param name="cancellation">After it none is begun; the tasks themselves see to those under way.</param>
    public void Run<T>(IReadOnlyList<BulkTask<T>> tasks, Action<BulkOutcome<T>> done, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(done);
        int size = First;
        for (int from = 0; from < tasks.Count; from += size, size = Math.Min(Most, size * Growth))
        {
            size = Math.Min(size, tasks.Count - from);
            Run(new BulkRound<T>(tasks, from, size, _options, cancellation), size, done);
        }
    }

    /// <summary>Does some, all of them at once.</summary>
    internal void RunRound<T>(IReadOnlyList<BulkTask<T>> tasks, Action<BulkOutcome<T>> done, CancellationToken cancellation) =>
        Run(new BulkRound<T>(tasks, 0, tasks.Count, _options, cancellation), tasks.Count, done);

    private void Run<T>(BulkRound<T> round, int size, Action<BulkOutcome<T>> done)
    {
        if (_host.IsPlan || size == 1)
        {
            round.RunHere(_host, done);
        }
        else
        {
            round.RunBeside(_lanes, size <= Few && !_isGiven ? 1 : _atOnce, done);
        }
    }

    /// <summary>Ends the threads that were needed.</summary>
    public void Dispose() => _lanes.Dispose();
}
