using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;

namespace CniPS.Runtime;

/// <summary>
/// Operations of a runtime that come one by one: each begins at once, and those that come quickly one behind the other are done together
/// (<see cref="CniBulk"/>).
/// </summary>
/// <typeparam name="T">What each gives.</typeparam>
public sealed class CniFeed<T> : IDisposable
{
    private readonly Lanes _lanes;
    private readonly BulkStream<T> _stream;

    /// <summary>Takes what it works with.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">How; where a task doesn't say otherwise.</param>
    /// <param name="atOnce">How many run at a time; 0: as <see cref="CniBulk"/> sees fit.</param>
    public CniFeed(IHost host, RuntimeOptions options, int atOnce = 0)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        _lanes = CniBulk.CreateLanes(host, atOnce);
        _stream = new BulkStream<T>(host, options, _lanes, isHere: host.IsPlan, CancellationToken.None);
    }

    /// <summary>How many were given and are not taken yet; <see cref="BulkFeed.Most"/> at most.</summary>
    public int Held => _stream.Held;

    /// <summary>Gives one, and doesn't wait. Those on the same container are done in their order.</summary>
    /// <param name="task">What is to be done.</param>
    /// <exception cref="InvalidOperationException">There are as many as may be: take one first.</exception>
    public void Give(BulkTask<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (Held >= BulkFeed.Most)
        {
            throw new InvalidOperationException($"{Held} are held already");
        }

        _stream.Give(task);
    }

    /// <summary>Takes what came of the next one, if it is done. Its observer is told by <see cref="BulkOutcome{T}.Tell"/>.</summary>
    /// <param name="outcome">What came of it.</param>
    public bool TryTake([NotNullWhen(true)] out BulkOutcome<T>? outcome) => _stream.TryTake(TimeSpan.Zero, out outcome);

    /// <summary>Waits for the next one, and takes what came of it. Its observer is told by <see cref="BulkOutcome{T}.Tell"/>.</summary>
    /// <exception cref="InvalidOperationException">Nothing was given.</exception>
    public BulkOutcome<T> Take() =>
        _stream.TryTake(Timeout.InfiniteTimeSpan, out BulkOutcome<T>? outcome) ? outcome : throw new InvalidOperationException("nothing was given");

    /// <summary>Waits some time for the next one, and takes what came of it. Its observer is told by <see cref="BulkOutcome{T}.Tell"/>.</summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="outcome">What came of it.</param>
    public bool TryTake(TimeSpan limit, [NotNullWhen(true)] out BulkOutcome<T>? outcome) => _stream.TryTake(limit, out outcome);

    /// <summary>Begins none any more, and waits for those under way.</summary>
    public void Dispose()
    {
        _stream.Stop();
        _lanes.Dispose();
    }
}
