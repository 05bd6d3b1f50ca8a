using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;

namespace CniPS.Runtime;

/// <summary>Some of many operations: those that are under way at the same time.</summary>
/// <param name="tasks">All of them.</param>
/// <param name="from">The first of this round.</param>
/// <param name="count">How many.</param>
/// <param name="options">How the runtime works.</param>
/// <param name="cancellation">After it none is begun.</param>
internal sealed class BulkRound<T>(IReadOnlyList<BulkTask<T>> tasks, int from, int count, RuntimeOptions options, CancellationToken cancellation)
{
    private readonly HeldObserver?[] _held = new HeldObserver?[count];
    private readonly BulkOutcome<T>?[] _outcomes = new BulkOutcome<T>?[count];
    private volatile bool _isRefused;

    /// <summary>One after the other, on this thread.</summary>
    internal void RunHere(IHost host, Action<BulkOutcome<T>> done)
    {
        for (int i = 0; i < count; i++)
        {
            done(Do(i, host, tasks[from + i].Observer));
        }
    }

    /// <summary>Side by side; each is told of as soon as those before it are done.</summary>
    internal void RunBeside(Lanes lanes, int atOnce, Action<BulkOutcome<T>> done)
    {
        List<List<int>> containers = ByContainer();
        ExecutionContext? surroundings = ExecutionContext.Capture(); // whose activity it is
        using BlockingCollection<int> ended = [];
        ExceptionDispatchInfo? refusal = null;
        Thread runner = new(() =>
        {
            try
            {
                lanes.Run(containers.Count, atOnce, (number, host) =>
                {
                    if (surroundings is null)
                    {
                        DoAll(containers[number], host, ended);
                    }
                    else
                    {
                        ExecutionContext.Run(surroundings, _ => DoAll(containers[number], host, ended), null);
                    }
                });
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref refusal, ExceptionDispatchInfo.Capture(e), null); // no thread is to be had: thrown below
            }

            ended.CompleteAdding();
        })
        {
            IsBackground = true,
            Name = "CniPS bulk",
        };
        runner.UnsafeStart();
        int next = 0;
        foreach (int i in ended.GetConsumingEnumerable())
        {
            for (; refusal is null && next < count && Volatile.Read(ref _outcomes[next]) is { } outcome; next++)
            {
                try
                {
                    _held[next]?.Tell();
                    done(outcome);
                }
                catch (Exception e)
                {
                    refusal = ExceptionDispatchInfo.Capture(e); // thrown on when those under way have ended
                    _isRefused = true;
                }
            }
        }

        runner.Join();
        refusal?.Throw();
    }

    private List<List<int>> ByContainer()
    {
        Dictionary<string, List<int>> known = new(StringComparer.Ordinal);
        List<List<int>> all = [];
        for (int i = 0; i < count; i++)
        {
            if (!known.TryGetValue(tasks[from + i].ContainerId, out List<int>? mine))
            {
                known.Add(tasks[from + i].ContainerId, mine = []);
                all.Add(mine);
            }

            mine.Add(i);
        }

        return all;
    }

    private void DoAll(List<int> ofContainer, IHost host, BlockingCollection<int> ended)
    {
        foreach (int i in ofContainer)
        {
            _held[i] = tasks[from + i].Observer is { } listener and not HeldObserver ? new HeldObserver(listener) : null;
            Volatile.Write(ref _outcomes[i], Do(i, host, _held[i] ?? tasks[from + i].Observer));
            ended.Add(i);
        }
    }

    private BulkOutcome<T> Do(int i, IHost host, Plugins.IOperationObserver? observer)
    {
        try
        {
            if (_isRefused || cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException("It was stopped before it began.", cancellation);
            }

            BulkTask<T> task = tasks[from + i];
            CniRuntime runtime = new(host, task.Options ?? options, task.Recorder is { } recorder ? recorder.Observe(observer) : observer);
            return new BulkOutcome<T>(from + i, task.Work(runtime), null);
        }
        catch (Exception e)
        {
            return new BulkOutcome<T>(from + i, default, e); // told to who asked for it
        }
    }
}
