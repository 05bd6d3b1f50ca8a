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
    /// <summary>So many are under way at most, or done and not told yet: each has a few files open.</summary>
    private const int Most = BulkFeed.Most;

    /// <summary>The first ones are few: whoever refuses what he is told of, as for want of somewhere to write it, has no hundreds to take back.</summary>
    private const int First = 4, Growth = 4;

    private readonly IHost _host;
    private readonly RuntimeOptions _options;
    private readonly Lanes _lanes;

    /// <summary>Takes what it works with.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">How.</param>
    /// <param name="atOnce">
    /// How many run at a time; 0: as many as there are processors, up to four, and a few one after the other: addresses are given out in their order.
    /// </param>
    public CniBulk(IHost host, RuntimeOptions options, int atOnce = 0)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        _host = host;
        _options = options;
        _lanes = CreateLanes(host, atOnce);
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
        bool isHere = _host.IsPlan || tasks.Count == 1;
        BulkStream<T> stream = new(_host, _options, _lanes, isHere, cancellation);
        try
        {
            for (int told = 0, given = 0; told < tasks.Count; told++)
            {
                int ahead = isHere ? 1 : Math.Min(Most, First + (told * Growth));
                for (; given < Math.Min(tasks.Count, told + ahead); given++)
                {
                    stream.Give(tasks[given]);
                }

                stream.TryTake(Timeout.InfiniteTimeSpan, out BulkOutcome<T>? outcome);
                outcome!.Tell();
                done(outcome);
            }
        }
        catch
        {
            stream.Stop();
            _lanes.Wait();
            throw;
        }
    }

    /// <summary>Where operations run side by side.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="atOnce">How many run at a time; 0: as seen fit.</param>
    internal static Lanes CreateLanes(IHost host, int atOnce) =>
        new(host, Most, atOnce > 0 ? atOnce : Math.Clamp(Environment.ProcessorCount, 1, 4), inTurn: atOnce == 0, BulkFeed.Pause);

    /// <summary>Ends the threads that were needed.</summary>
    public void Dispose() => _lanes.Dispose();
}
