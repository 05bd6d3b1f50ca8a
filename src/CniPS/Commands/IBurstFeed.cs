using System;

namespace CniPS.Commands;

/// <summary>What came of one item.</summary>
/// <param name="Words">Writes what was said of it meanwhile.</param>
/// <param name="Write">Writes what it gave.</param>
/// <param name="Error">What went wrong; then it gave nothing.</param>
internal readonly record struct BurstOutcome(Action? Words, Action? Write, Exception? Error);

/// <summary>Does a burst's items; what came of them is taken in their order, on the pipeline's thread.</summary>
internal interface IBurstFeed : IDisposable
{
    /// <summary>Takes what came of the next one.</summary>
    /// <param name="limit">How long it is waited for at most.</param>
    /// <param name="outcome">What came of it.</param>
    /// <returns>Whether it was done by then.</returns>
    bool TryTake(TimeSpan limit, out BurstOutcome outcome);
}
