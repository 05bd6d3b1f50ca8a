using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>
/// A command's items where they come quicker than they can be done one by one: the engine does them together, on threads of its own, and what came of them
/// is written when the next one comes, or at the end, in their order. Who gives an item only when the one before is done, or pauses, gets it done at once.
/// </summary>
/// <param name="command">The command.</param>
internal sealed class Burst(CniCommand command) : IDisposable
{
    // As often a person may look whether it goes on.
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(250);

    private const int MuchLess = 4;

    private static readonly TimeSpan s_most = TimeSpan.FromMilliseconds(50);

    private readonly Queue<BurstItem> _held = new();
    private readonly Preferences _preferences = new(command);
    private IBurstFeed? _feed;
    private bool? _isAllowed;
    private bool _isQuick;
    private long _begun, _ended;
    private TimeSpan _quick;
    private int _number;
    private int _failed = int.MaxValue;

    /// <summary>Whether there is nothing under way.</summary>
    internal bool IsIdle => _held.Count == 0;

    /// <summary>Whether the item at hand is one of many. Then it is given to the engine; else it is to be done now.</summary>
    internal bool Takes => _held.Count > 0 || (_isQuick && (_isAllowed ??= command.MayHold && !_preferences.Interrupt));

    /// <summary>
    /// An item has come. It is one of a burst if that was within a millisecond, or in much less time than the one before took: who gives them is quicker
    /// than they are done.
    /// </summary>
    internal void Begin()
    {
        _begun = Stopwatch.GetTimestamp();
        _isQuick = _ended != 0 && Stopwatch.GetElapsedTime(_ended, _begun) <= _quick;
    }

    /// <summary>The command is done with an item, and asks for the next one.</summary>
    internal void End()
    {
        _ended = Stopwatch.GetTimestamp();
        TimeSpan much = Stopwatch.GetElapsedTime(_begun, _ended) / MuchLess;
        _quick = much < BulkFeed.Pause ? BulkFeed.Pause : much > s_most ? s_most : much;
    }

    /// <summary>Makes room for one more, which is to be given to the feed right after.</summary>
    /// <param name="feed">Does them: always the same.</param>
    /// <param name="place">Whose it is.</param>
    internal BurstItem Hold(IBurstFeed feed, ItemPlace place)
    {
        _feed = feed;
        while (_held.Count >= BulkFeed.Most)
        {
            TellNext();
        }

        BurstItem item = new(this, place, _number++);
        _held.Enqueue(item);
        return item;
    }

    /// <summary>Writes what came of those that are done.</summary>
    internal void TellDone()
    {
        while (_held.Count > 0 && _feed!.TryTake(TimeSpan.Zero, out BurstOutcome outcome))
        {
            Tell(outcome);
        }
    }

    /// <summary>Writes what came of all of them, and waits for that.</summary>
    internal void TellAll()
    {
        while (_held.Count > 0)
        {
            TellNext();
        }
    }

    private void TellNext()
    {
        long start = Stopwatch.GetTimestamp();
        BurstOutcome outcome;
        while (!_feed!.TryTake(s_breath, out outcome))
        {
            command.ShowWaiting(_held.Peek().Place, $"{_held.Count} under way", Stopwatch.GetElapsedTime(start));
        }

        Tell(outcome);
    }

    /// <summary>Whether one before an item has failed so that the pipeline ends, or it was stopped: then it is not begun.</summary>
    internal bool IsInVain(int number) => number > Volatile.Read(ref _failed) || command.IsStopping;

    /// <summary>What has become of an item is noted on the engine's thread, so that an error that ends the pipeline keeps those behind it from being begun.</summary>
    internal void Note(int number, Exception? error)
    {
        if (error is null or OperationCanceledException || !_preferences.StopAtErrors)
        {
            return;
        }

        for (int first = Volatile.Read(ref _failed); number < first; first = Volatile.Read(ref _failed))
        {
            Interlocked.CompareExchange(ref _failed, number, first);
        }
    }

    private void Tell(BurstOutcome outcome)
    {
        BurstItem item = _held.Dequeue();
        if (outcome.Error is not OperationCanceledException || command.IsStopping)
        {
            command.Tell(item, outcome);
        }
    }

    /// <summary>Begins none any more, and waits for those under way.</summary>
    public void Dispose()
    {
        _held.Clear();
        _feed?.Dispose();
    }
}
