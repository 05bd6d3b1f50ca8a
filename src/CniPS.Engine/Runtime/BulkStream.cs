using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;

namespace CniPS.Runtime;

/// <summary>
/// Operations that are given one by one, and run side by side (<see cref="Lanes"/>), but for those on one container, which keep their order. What comes of
/// them is taken in the order in which they were given. Over a plan each is planned when it is given.
/// </summary>
/// <param name="host">The machine.</param>
/// <param name="options">How the runtime works.</param>
/// <param name="lanes">Where they run.</param>
/// <param name="isHere">Whether each is done when it is given, on the giver's thread.</param>
/// <param name="cancellation">After it none is begun.</param>
internal sealed class BulkStream<T>(IHost host, RuntimeOptions options, Lanes lanes, bool isHere, CancellationToken cancellation)
{
    private readonly Queue<Entry> _given = new();
    private readonly Dictionary<string, Queue<Entry>> _containers = new(StringComparer.Ordinal); // with those under way
    private volatile bool _isStopped;
    private Entry? _awaited;
    private int _number;

    /// <summary>How many were given and are not taken yet.</summary>
    internal int Held => _given.Count;

    /// <summary>Gives one, and doesn't wait for it.</summary>
    internal void Give(BulkTask<T> task)
    {
        HeldObserver? words = task.Observer is { } listener && !isHere ? new HeldObserver(listener) : null;
        Entry entry = new(_number++, task, words, ExecutionContext.Capture());
        _given.Enqueue(entry);
        if (isHere)
        {
            entry.Outcome = Do(entry, host);
            return;
        }

        lock (_containers)
        {
            if (_containers.TryGetValue(task.ContainerId, out Queue<Entry>? before))
            {
                before.Enqueue(entry);
                return;
            }

            _containers.Add(task.ContainerId, new Queue<Entry>());
        }

        lanes.Start(lane => DoAll(entry, lane));
    }

    /// <summary>Takes what came of the next one, and waits for it, if there is one.</summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="outcome">What came of it. Its words are not told yet.</param>
    /// <returns>Whether there was something by then.</returns>
    internal bool TryTake(TimeSpan limit, [NotNullWhen(true)] out BulkOutcome<T>? outcome)
    {
        outcome = null;
        if (!_given.TryPeek(out Entry? entry) || (entry.Outcome is null && !Wait(entry, limit)))
        {
            return false;
        }

        _given.Dequeue();
        outcome = entry.Outcome!;
        return true;
    }

    /// <summary>Begins none any more. What comes of those that aren't begun is just that.</summary>
    internal void Stop() => _isStopped = true;

    // Blocked, not turning round and round: that would take a processor from those who are waited for.
    private bool Wait(Entry entry, TimeSpan limit)
    {
        if (limit == TimeSpan.Zero)
        {
            return false;
        }

        lanes.IsHurried = true;
        lock (_containers)
        {
            _awaited = entry;
            while (entry.Outcome is null && Monitor.Wait(_containers, limit))
            {
            }

            _awaited = null;
        }

        lanes.IsHurried = false;
        return entry.Outcome is not null;
    }

    private void DoAll(Entry? entry, IHost lane)
    {
        while (entry is not null)
        {
            Entry one = entry;
            BulkOutcome<T>? outcome = null;
            if (one.Surroundings is { } surroundings)
            {
                ExecutionContext.Run(surroundings, _ => outcome = Do(one, lane), null); // whose activity it is
            }

            outcome ??= Do(one, lane);
            lock (_containers)
            {
                one.Outcome = outcome;
                if (one == _awaited)
                {
                    Monitor.Pulse(_containers);
                }

                string container = one.Task.ContainerId;
                if (!_containers[container].TryDequeue(out entry))
                {
                    _containers.Remove(container);
                }
            }
        }
    }

    private BulkOutcome<T> Do(Entry entry, IHost machine)
    {
        try
        {
            if (_isStopped || cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException("It was stopped before it began.", cancellation);
            }

            Plugins.IOperationObserver? observer = entry.Words ?? entry.Task.Observer;
            CniRuntime runtime = new(machine, entry.Task.Options ?? options, entry.Task.Recorder is { } recorder ? recorder.Observe(observer) : observer);
            return new BulkOutcome<T>(entry.Number, entry.Task.Work(runtime), null) { Words = entry.Words };
        }
        catch (Exception e)
        {
            return new BulkOutcome<T>(entry.Number, default, e) { Words = entry.Words }; // told to who asked for it
        }
    }

    private sealed class Entry(int number, BulkTask<T> task, HeldObserver? words, ExecutionContext? surroundings)
    {
        private BulkOutcome<T>? _outcome;

        internal int Number { get; } = number;

        internal BulkTask<T> Task { get; } = task;

        internal HeldObserver? Words { get; } = words;

        internal ExecutionContext? Surroundings { get; } = surroundings;

        internal BulkOutcome<T>? Outcome
        {
            get => Volatile.Read(ref _outcome);
            set => Volatile.Write(ref _outcome, value);
        }
    }
}
