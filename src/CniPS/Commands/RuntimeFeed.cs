using System;
using CniPS.Runtime;

namespace CniPS.Commands;

/// <summary>Does a burst's items with a runtime, on the machine as it was when the first of them came.</summary>
internal sealed class RuntimeFeed : IBurstFeed
{
    private readonly Machine.Loan _machine = Machine.Borrow();
    private readonly CniFeed<Action> _feed;

    /// <summary>Begins to wait for items.</summary>
    /// <param name="options">How the runtime works, where an item doesn't say otherwise.</param>
    /// <param name="atOnce">How many run at a time; 0: as the engine sees fit.</param>
    internal RuntimeFeed(RuntimeOptions options, int atOnce) => _feed = new CniFeed<Action>(_machine.Host, options, atOnce);

    /// <summary>Gives one, for which there must be room.</summary>
    internal void Give(BulkTask<Action> task) => _feed.Give(task);

    /// <inheritdoc/>
    public bool TryTake(TimeSpan limit, out BurstOutcome outcome)
    {
        outcome = _feed.TryTake(limit, out BulkOutcome<Action>? done) ? new BurstOutcome(done.Tell, done.Result, done.Error) : default;
        return done is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _feed.Dispose();
        _machine.Dispose();
    }
}
