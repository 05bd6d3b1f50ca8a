using System.Threading;

namespace CniPS.Linux.Files;

/// <summary>Waiting for a lock by asking again and again, so that the wait can be cancelled.</summary>
internal static class LockWait
{
    /// <summary>Pauses before the next attempt: hardly at first, then a millisecond, then ten.</summary>
    internal static void Pause(int round, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (round < 10)
        {
            Thread.Yield();
        }
        else
        {
            Thread.Sleep(round < 100 ? 1 : 10);
        }
    }
}
