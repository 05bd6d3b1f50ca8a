using System;

namespace CniPS.Linux.Machine;

/// <summary>One of those that run side by side, while it waits: for its turn, or for having to look whether it is the one to make what all wait for.</summary>
internal sealed class Lane
{
    private readonly PosixSemaphore _wake = new();
    private bool _hasTurn; // under the lock of all lanes

    /// <summary>It is its turn.</summary>
    internal void Go()
    {
        _hasTurn = true;
        _wake.Post();
    }

    /// <summary>Something has changed, that it should look at.</summary>
    internal void Look() => _wake.Post();

    /// <summary>Whether it is its turn, which it has taken then.</summary>
    internal bool TakeTurn()
    {
        bool had = _hasTurn;
        _hasTurn = false;
        return had;
    }

    /// <summary>Waits for either, on its own thread; now and then for nothing.</summary>
    /// <param name="limit">How long at most; null: as long as it takes.</param>
    internal void Wait(TimeSpan? limit)
    {
        if (limit is { } time)
        {
            _wake.Wait(time);
        }
        else
        {
            _wake.Wait();
        }
    }

    ~Lane() => _wake.Dispose(); // whoever waits keeps it
}
