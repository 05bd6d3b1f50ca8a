using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;

namespace CniPS.Linux.Machine;

/// <summary>
/// Runs operations that know nothing of each other side by side, and brings their changes together: each is on a thread of its own, of which only a few
/// run at a time. One that has a change which the kernel takes better with others of its kind waits, and lets the next one run; when all wait, one of
/// them makes the changes of all (<see cref="LaneHost"/>). So each operation is written, fails and is undone as if it were alone.
/// </summary>
public sealed class Lanes : IDisposable
{
    // Who runs is not waited for longer than that: it may want a lock that one of those has who wait. Nobody is known to who does (LaneHost).
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // Enough for JSON, and for an exception's way up.
    private const int StackBytes = 1024 * 1024;

    private readonly SpareThreads _threads = new(StackBytes);
    private readonly object _gate = new();
    private readonly Queue<Lane> _ready = new();
    private readonly PosixSemaphore _ended = new();
    private readonly IHost _host;
    private readonly int _most;
    private List<GatheredChanges> _waiting = [];
    private int _atOnce;
    private int _running;
    private int _making;
    private int _open;

    /// <summary>Takes the machine.</summary>
    /// <param name="host">The machine: one that makes changes, and can be asked from any thread.</param>
    /// <param name="most">How many operations are under way at most.</param>
    public Lanes(IHost host, int most)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        _host = host;
        _most = most;
    }

    /// <summary>Does pieces of work, and comes back when all are done.</summary>
    /// <param name="count">How many.</param>
    /// <param name="atOnce">How many of them run at a time.</param>
    /// <param name="work">Does one: its number, and the machine to do it with. It must not throw.</param>
    public void Run(int count, int atOnce, Action<int, IHost> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        int next = -1, lanes = Math.Min(count, _most);
        lock (_gate)
        {
            _atOnce = atOnce;
            _open = lanes;
            for (int i = 0; i < lanes; i++)
            {
                Lane lane = new();
                lane.Begin = () => _threads.Run(() =>
                {
                    LaneHost host = new(_host, this, lane);
                    for (int number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
                    {
                        work(number, host);
                    }

                    End();
                });
                _ready.Enqueue(lane);
            }

            Dispatch();
        }

        if (lanes > 0)
        {
            _ended.Wait();
        }
    }

    /// <summary>Makes an operation's changes together with those of others.</summary>
    /// <exception cref="ChangeException">One of its own failed.</exception>
    internal IReadOnlyList<Applied> Gather(Lane lane, IReadOnlyList<Change> changes)
    {
        GatheredChanges mine = new(lane, changes);
        List<GatheredChanges>? all = null;
        bool isFirst;
        lock (_gate)
        {
            isFirst = _waiting.Count == 0;
            _waiting.Add(mine);
            _running--;
            Dispatch();
            all = _running == 0 ? TakeWaiting() : null;
        }

        while (all is null && !lane.Wait(isFirst ? s_patience : null))
        {
            lock (_gate)
            {
                isFirst = !mine.IsTaken;
                all = isFirst && _making == 0 ? TakeWaiting() : null;
            }
        }

        if (all is not null)
        {
            GatheredChanges.Make(_host, all);
            lock (_gate)
            {
                Release(all, except: mine);
            }
        }

        return mine.Made;
    }

    // Whoever ends may be the one that all others waited for.
    private void End()
    {
        while (true)
        {
            List<GatheredChanges>? all;
            lock (_gate)
            {
                _running--;
                Dispatch();
                all = _running == 0 && _waiting.Count > 0 ? TakeWaiting() : null;
                if (all is null)
                {
                    if (--_open == 0)
                    {
                        _ended.Post();
                    }

                    return;
                }
            }

            GatheredChanges.Make(_host, all);
            lock (_gate)
            {
                Release(all, except: null);
            }
        }
    }

    private List<GatheredChanges> TakeWaiting()
    {
        List<GatheredChanges> all = _waiting;
        _waiting = [];
        _running++;
        _making++;
        foreach (GatheredChanges changes in all)
        {
            changes.IsTaken = true;
        }

        return all;
    }

    private void Release(List<GatheredChanges> all, GatheredChanges? except)
    {
        _making--;
        foreach (GatheredChanges changes in all)
        {
            if (changes != except)
            {
                _ready.Enqueue(changes.Lane);
            }
        }

        Dispatch();
    }

    private void Dispatch()
    {
        while (_running < _atOnce && _ready.TryDequeue(out Lane? lane))
        {
            _running++;
            lane.Go();
        }
    }

    /// <summary>Waits for the threads to be idle.</summary>
    public void Dispose()
    {
        _threads.Dispose();
        _ended.Dispose();
    }
}
