using System;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// Waiting for a flock(2) so that a cancellation and a time limit end it. First it is asked for again and again, since most waits are short;
/// then a thread waits in the kernel, which wakes waiters in the order they came in: whoever only asks again loses each time against those
/// who wait (as the Go plugins do).
/// </summary>
internal static class LockWait
{
    /// <summary>How long a lock is waited for where nothing else is said.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const int Yields = 10, Sleeps = 5;

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

    /// <summary>Takes the lock of an open file.</summary>
    /// <param name="fd">The file.</param>
    /// <param name="path">Its path, for errors.</param>
    /// <param name="exclusive">Whether nobody else may hold it.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether it was had in time. If not, close the file: a thread may still wait for it, and would hold it.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; close the file as well.</exception>
    internal static bool TryTake(int fd, string path, bool exclusive, TimeSpan limit, CancellationToken cancellation)
    {
        int operation = exclusive ? LibC.LOCK_EX : LibC.LOCK_SH;
        long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        for (int round = 0; round <= Yields + Sleeps; round++)
        {
            if (LibC.flock(fd, operation | LibC.LOCK_NB) == 0)
            {
                return true;
            }

            int errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.EAGAIN or Errno.EINTR))
            {
                throw new LinuxException($"lock {path}", errno);
            }

            if (Environment.TickCount64 >= end)
            {
                return false;
            }

            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(round < Yields ? 0 : 1);
        }

        return WaitInKernel(fd, path, operation, end, cancellation);
    }

    // The lock belongs to the open file, so that a duplicate of its descriptor can wait for it: where nobody waits for the thread any more,
    // the caller has closed the file, and the lock goes with the duplicate as soon as it comes.
    private static bool WaitInKernel(int fd, string path, int operation, long end, CancellationToken cancellation)
    {
        int copy = LibCAhead.fcntl(fd, LibC.F_DUPFD_CLOEXEC, 0);
        if (copy < 0)
        {
            throw LinuxException.Last($"lock {path}");
        }

        int errno = 0;
        ManualResetEventSlim done = new(false); // not disposed: the thread may still set it
        new Thread(() =>
        {
            do
            {
                errno = LibC.flock(copy, operation) == 0 ? 0 : Marshal.GetLastPInvokeError();
            }
            while (errno == Errno.EINTR);
            LibCAhead.close(copy);
            done.Set();
        }, 128 * 1024) { IsBackground = true, Name = "CniPS lock" }.Start();
        if (!done.Wait((int)Math.Max(0, end - Environment.TickCount64), cancellation))
        {
            return false;
        }

        return errno == 0 ? true : throw new LinuxException($"lock {path}", errno);
    }
}
