using System;

namespace CniPS.Linux.Machine;

/// <summary>One of those that run side by side: it is begun once, and then goes on whenever it is its turn.</summary>
internal sealed class Lane
{
    private readonly PosixSemaphore _turn = new();
    private bool _hasBegun;

    /// <summary>Starts its thread.</summary>
    internal Action Begin { get; set; } = static () => { };

    /// <summary>It is its turn.</summary>
    internal void Go()
    {
        if (_hasBegun)
        {
            _turn.Post();
            return;
        }

        _hasBegun = true;
        Begin();
    }

    /// <summary>Waits for its turn, on its own thread.</summary>
    /// <param name="limit">How long at most; null: as long as it takes.</param>
    /// <returns>Whether it is.</returns>
    internal bool Wait(TimeSpan? limit)
    {
        if (limit is { } time)
        {
            return _turn.Wait(time);
        }

        _turn.Wait();
        return true;
    }

    ~Lane() => _turn.Dispose(); // whoever waits keeps it
}
