using System;

namespace CniPS.Commands;

/// <summary>One of a burst's items.</summary>
/// <param name="burst">The burst.</param>
/// <param name="place">Whose it is.</param>
/// <param name="number">Its number.</param>
internal sealed class BurstItem(Burst burst, ItemPlace place, int number)
{
    /// <summary>Whose it is, in the words of errors.</summary>
    internal ItemPlace Place { get; } = place;

    /// <summary>What is verbosely said before all else; null: nothing.</summary>
    internal string? Title { get; set; }

    /// <summary>Whether it need not be begun any more.</summary>
    internal bool IsInVain => burst.IsInVain(number);

    /// <summary>Says what has become of it, on whatever thread.</summary>
    internal void Note(Exception? error) => burst.Note(number, error);

    /// <summary>Does it, on an engine's thread.</summary>
    /// <exception cref="OperationCanceledException">It need not be done any more.</exception>
    internal T Do<T>(Func<T> work)
    {
        if (IsInVain)
        {
            throw new OperationCanceledException("It was stopped before it began.");
        }

        try
        {
            return work();
        }
        catch (Exception e)
        {
            Note(e);
            throw;
        }
    }
}
