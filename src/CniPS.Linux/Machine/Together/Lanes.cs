using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux.Host;

namespace CniPS.Linux.Machine;

/// <summary>
/// Runs operations that know nothing of each other side by side, and brings their changes together: each is on a thread of its own, of which only a few
/// run at a time. One that has a change which the kernel takes better with others of its kind waits, and lets the next one run; when enough wait, or
/// nobody runs any more, one of them makes the changes of all (<see cref="LaneHost"/>), while others go on. So each operation is written, fails and is
/// undone as if it were alone.
/// </summary>
public sealed class Lanes : IDisposable
{
    // Who runs is not waited for longer than that: it may want a lock that one of those has who wait. Nobody is known to who does (LaneHost).
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // Enough for JSON, and for an exception's way up.
    private const int StackBytes = 1024 * 1024;

    // Of the first ones few go together, so that somebody who waits for results soon has one; and of many not all: while the kernel deletes some links,
    // others get ready.
    private const int First = 4, Growth = 4, Enough = 64;

    // So few run one after the other.
    private const int Few = 16;

    private readonly SpareThreads _threads = new(StackBytes);
    private readonly object _gate = new();
    private readonly Queue<Action<IHost>> _pending = new();
    private readonly Queue<Lane> _ready = new();
    private readonly IHost _host;
    private readonly int _most, _atOnce;
    private readonly bool _inTurn;
    private readonly TimeSpan _pause;
    private List<GatheredChanges> _waiting = [];
    private int _enough = First;
    private int _open, _running, _making;
    private long _lastStarted;
    private bool _isHurried;

    /// <summary>Takes the machine.</summary>
    /// <param name="host">The machine: one that makes changes, and can be asked from any thread.</param>
    /// <param name="most">How many operations are under way at most.</param>
    /// <param name="atOnce">How many of them run at a time.</param>
    /// <param name="inTurn">Whether a few run one after the other all the same.</param>
    /// <param name="pause">How long after one was started another may be expected, which is waited for, unless somebody is in a hurry.</param>
    public Lanes(IHost host, int most, int atOnce, bool inTurn, TimeSpan pause)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        _host = host;
        _most = most;
        _atOnce = atOnce;
        _inTurn = inTurn;
        _pause = pause;
    }

    /// <summary>Whether somebody waits for what comes of those that were started: then no others are waited for, to go with them.</summary>
    public bool IsHurried
    {
        set
        {
            lock (_gate)
            {
                _isHurried = value;
                WakeIfIdle();
            }
        }
    }

    /// <summary>Does a piece of work when it is its turn, and doesn't wait for it.</summary>
    /// <param name="work">Does it, with the machine to do it with. It must not throw.</param>
    /// <exception cref="OutOfMemoryException">There is no thread to be had, and none that could do it later.</exception>
    public void Start(Action<IHost> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_gate)
        {
            _lastStarted = Environment.TickCount64;
            _pending.Enqueue(work);
            try
            {
                Dispatch();
            }
            catch (OutOfMemoryException)
            {
                _pending.Clear(); // it is the only one
                throw;
            }
        }
    }

    /// <summary>Waits until all is done that was started.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            _isHurried = true;
            WakeIfIdle();
            while (_open > 0 || _pending.Count > 0)
            {
                Monitor.Wait(_gate);
            }

            _isHurried = false;
        }
    }

    /// <summary>Makes an operation's changes together with those of others.</summary>
    /// <exception cref="ChangeException">One of its own failed.</exception>
    internal IReadOnlyList<Applied> Gather(Lane lane, IReadOnlyList<Change> changes)
    {
        GatheredChanges mine = new(lane, changes);
        long since = Environment.TickCount64;
        List<GatheredChanges>? all;
        TimeSpan? limit;
        lock (_gate)
        {
            _waiting.Add(mine);
            _running--;
            Dispatch();
            all = TakeIfDue();
            limit = LimitOf(mine);
            WakeIfIdle();
        }

        while (all is null)
        {
            lane.Wait(limit);
            lock (_gate)
            {
                if (lane.TakeTurn())
                {
                    return mine.Made;
                }

                bool isLate = _making == 0 && Environment.TickCount64 - since >= s_patience.TotalMilliseconds;
                all = mine.IsTaken ? null : isLate ? TakeWaiting() : TakeIfDue();
                limit = LimitOf(mine);
            }
        }

        GatheredChanges.Make(_host, all);
        lock (_gate)
        {
            Release(all, except: mine);
        }

        return mine.Made;
    }

    // The first that waits looks after the others.
    private TimeSpan? LimitOf(GatheredChanges mine) => _waiting.Count == 0 || _waiting[0] != mine ? null : _running == 0 ? _pause : s_patience;

    private List<GatheredChanges>? TakeIfDue()
    {
        bool isDue = _waiting.Count >= _enough ? _making == 0
            : _running == 0 && _waiting.Count > 0 && (_isHurried || _pending.Count > 0 || Environment.TickCount64 - _lastStarted > _pause.TotalMilliseconds);
        if (!isDue)
        {
            return null;
        }

        _enough = Math.Min(Enough, _enough * Growth);
        return TakeWaiting();
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

    private void Release(List<GatheredChanges> all, GatheredChanges except)
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
        WakeIfIdle();
    }

    // Whoever waits may be the one to make the changes now.
    private void WakeIfIdle()
    {
        if (_waiting.Count > 0 && _making == 0 && (_running == 0 || _waiting.Count >= _enough))
        {
            _waiting[0].Lane.Look();
        }
    }

    private void Dispatch()
    {
        int atOnce = _inTurn && _open + _pending.Count <= Few ? 1 : _atOnce;
        while (_running < atOnce)
        {
            if (_ready.TryDequeue(out Lane? lane))
            {
                _running++;
                lane.Go();
            }
            else if (_open < _most && _pending.TryPeek(out Action<IHost>? work))
            {
                if (!TryBegin(work))
                {
                    return;
                }
            }
            else
            {
                return;
            }
        }
    }

    private bool TryBegin(Action<IHost> work)
    {
        try
        {
            _threads.Run(() => Live(work));
        }
        catch (OutOfMemoryException) when (_open > 0)
        {
            return false; // no more threads are to be had: those that are there do it, one after the other
        }

        _pending.Dequeue();
        _open++;
        _running++;
        return true;
    }

    private void Live(Action<IHost>? work)
    {
        LaneHost host = new(_host, this, new Lane());
        while (work is not null)
        {
            work(host);
            lock (_gate)
            {
                if (_ready.Count > 0 || !_pending.TryDequeue(out work))
                {
                    work = null;
                    End();
                }
            }
        }
    }

    private void End()
    {
        _running--;
        _open--;
        Dispatch();
        WakeIfIdle();
        if (_open == 0)
        {
            _enough = First;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for all that was started, and for the threads to be idle.</summary>
    public void Dispose()
    {
        Wait();
        _threads.Dispose();
    }
}
