using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace CniPS.Runtime;

/// <summary>
/// Does together what somebody gives one by one in quick succession. What is given is collected until there is enough for a round, or nothing more came for
/// a millisecond: who pauses keeps nothing waiting, as the rounds are on a thread of its own. What came of each is there to be taken, in the order in
/// which they were given.
/// </summary>
/// <typeparam name="TItem">What is given.</typeparam>
/// <typeparam name="TOutcome">What comes of one.</typeparam>
public sealed class BulkFeed<TItem, TOutcome> : IDisposable
{
    private static readonly TimeSpan s_pause = BulkFeed.Pause;

    // The first ones are few, so that somebody who waits for results soon has one.
    private const int Growth = 4;

    private readonly object _gate = new();
    private readonly Queue<TItem> _given = new();
    private readonly Queue<TOutcome> _ended = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly BulkWork<TItem, TOutcome> _work;
    private readonly Thread _thread;
    private readonly int _first;
    private ExceptionDispatchInfo? _fault;
    private long _lastGiven;
    private int _held, _round;
    private bool _isWaitedFor, _isClosed;

    /// <summary>Begins to wait for items.</summary>
    /// <param name="work">Does a round.</param>
    /// <param name="first">How many are in the first round at most; those behind it have more and more.</param>
    public BulkFeed(BulkWork<TItem, TOutcome> work, int first = 4)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        _work = work;
        _first = _round = Math.Min(first, BulkFeed.Most);
        _thread = new Thread(Live) { IsBackground = true, Name = "CniPS feed" };
        _thread.Start();
    }

    /// <summary>How many were given and are not taken yet; <see cref="BulkFeed.Most"/> at most.</summary>
    public int Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>Gives one, and doesn't wait.</summary>
    /// <param name="item">What is to be done.</param>
    /// <exception cref="InvalidOperationException">There are as many as may be: take one first.</exception>
    public void Give(TItem item)
    {
        lock (_gate)
        {
            if (_held >= BulkFeed.Most)
            {
                throw new InvalidOperationException($"{_held} are held already");
            }

            _held++;
            _given.Enqueue(item);
            _lastGiven = Stopwatch.GetTimestamp();
            if (_given.Count == 1 || _given.Count >= _round)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Takes what came of the next one, if it is done.</summary>
    /// <param name="outcome">What came of it.</param>
    public bool TryTake([MaybeNullWhen(false)] out TOutcome outcome)
    {
        lock (_gate)
        {
            return TryDequeue(out outcome);
        }
    }

    /// <summary>Takes what came of the next one, and waits for it. There must be one.</summary>
    /// <exception cref="InvalidOperationException">Nothing was given.</exception>
    public TOutcome Take() => TryTake(Timeout.InfiniteTimeSpan, out TOutcome? outcome) ? outcome : throw new InvalidOperationException("nothing was given");

    /// <summary>Takes what came of the next one, and waits some time for it.</summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="outcome">What came of it.</param>
    /// <returns>Whether something did by then.</returns>
    public bool TryTake(TimeSpan limit, [MaybeNullWhen(false)] out TOutcome outcome)
    {
        if (limit == TimeSpan.Zero)
        {
            return TryTake(out outcome);
        }

        lock (_gate)
        {
            _isWaitedFor = true;
            try
            {
                Monitor.PulseAll(_gate);
                while (!TryDequeue(out outcome))
                {
                    if (_held == 0 || !Monitor.Wait(_gate, limit))
                    {
                        return TryDequeue(out outcome);
                    }
                }

                return true;
            }
            finally
            {
                _isWaitedFor = false;
            }
        }
    }

    private bool TryDequeue([MaybeNullWhen(false)] out TOutcome outcome)
    {
        if (_ended.TryDequeue(out outcome))
        {
            _held--;
            return true;
        }

        _fault?.Throw();
        return false;
    }

    private void Live()
    {
        try
        {
            while (Collect() is { } items)
            {
                _work(items, Done, _stop.Token);
            }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _fault = ExceptionDispatchInfo.Capture(e); // thrown where somebody waits
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Done(TOutcome outcome)
    {
        lock (_gate)
        {
            _ended.Enqueue(outcome);
            if (_isWaitedFor)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private List<TItem>? Collect()
    {
        lock (_gate)
        {
            while (_given.Count == 0 && !_isClosed)
            {
                _round = _held == 0 ? _first : _round;
                Monitor.Wait(_gate);
            }

            while (_given.Count < _round && !_isWaitedFor && !_isClosed && Stopwatch.GetElapsedTime(_lastGiven) < s_pause)
            {
                Monitor.Wait(_gate, s_pause);
            }

            if (_isClosed)
            {
                return null;
            }

            List<TItem> items = [];
            while (items.Count < _round && _given.TryDequeue(out TItem? item))
            {
                items.Add(item);
            }

            _round = Math.Min(BulkFeed.Most, _round * Growth);
            return items;
        }
    }

    /// <summary>Begins none any more, and waits for those under way; what came of them is lost.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        _stop.Cancel();
        _thread.Join();
        _stop.Dispose();
    }
}

/// <summary>What holds of every feed.</summary>
public static class BulkFeed
{
    /// <summary>So many are held at most: collected, under way, or done and not taken.</summary>
    public const int Most = 128;

    /// <summary>What comes after no more than this is a part of the same burst.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
}

/// <summary>Does some of many together.</summary>
/// <typeparam name="TItem">What is done.</typeparam>
/// <typeparam name="TOutcome">What comes of one.</typeparam>
/// <param name="items">What is to be done.</param>
/// <param name="done">To be told of each, in their order, as soon as it can be told.</param>
/// <param name="stop">After it none is begun; of each that isn't, <paramref name="done"/> is told just that.</param>
public delegate void BulkWork<TItem, TOutcome>(IReadOnlyList<TItem> items, Action<TOutcome> done, CancellationToken stop);
