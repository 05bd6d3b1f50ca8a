using System;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// A lock for many who share it and one who needs it alone, fair to both. flock(2) is not: while holders come and go, one who wants it
/// alone never gets it. So he shuts a gate before he waits; who comes after that waits at the gate. He opens it again when he is done, and
/// while he can't be served for long (one holder may take its time), so that the others are not kept from a lock that they could share.
/// </summary>
/// <remarks>
/// The lock is an empty folder in a <see cref="LockFolder"/>, the gate a folder <c>gate</c> in it, locked by whoever shut it: one that a
/// killed process left stops nobody. Where nobody wants it alone, taking a share costs a look for the gate, an open and a flock.
/// </remarks>
internal sealed class FairLock : IDisposable
{
    /// <summary>How long the gate stays shut, and then open, while who shut it waits.</summary>
    internal static readonly TimeSpan Shut = TimeSpan.FromSeconds(5), Opened = TimeSpan.FromMilliseconds(500);

    private readonly string? _gatePath;
    private int _gate;
    private int _fd;

    private FairLock(int fd, int gate, string? gatePath)
    {
        _fd = fd;
        _gate = gate;
        _gatePath = gatePath;
    }

    /// <summary>Takes a lock.</summary>
    /// <param name="folder">The folder of locks.</param>
    /// <param name="name">The lock's name.</param>
    /// <param name="exclusive">Whether nobody else may hold it.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LockHeldException">It was not to be had in time.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static FairLock Acquire(LockFolder folder, string name, bool exclusive, TimeSpan limit, CancellationToken cancellation)
    {
        int fd = folder.Open(name, out string path);
        try
        {
            long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
            string gatePath = path + "/gate";
            return exclusive ? Alone(path, gatePath, limit, end, cancellation, ref fd) : Shared(fd, path, gatePath, limit, end, cancellation);
        }
        catch
        {
            LibCAhead.close(fd);
            throw;
        }
    }

    private static FairLock Shared(int fd, string path, string gatePath, TimeSpan limit, long end, CancellationToken cancellation)
    {
        int gate = LibC.access(gatePath, 0) == 0 ? LockFolder.TryOpen(gatePath) : -1;
        try
        {
            if (gate >= 0)
            {
                Take(gate, gatePath, exclusive: false, limit, end, cancellation);
            }

            Take(fd, path, exclusive: false, limit, end, cancellation);
            return new FairLock(fd, -1, null);
        }
        finally
        {
            Close(gate);
        }
    }

    private static FairLock Alone(string path, string gatePath, TimeSpan limit, long end, CancellationToken cancellation, ref int fd)
    {
        while (true)
        {
            int gate = ShutGate(gatePath, limit, end, cancellation);
            try
            {
                if (LockWait.TryTake(fd, path, exclusive: true, Sooner(Shut, end), cancellation))
                {
                    FairLock taken = new(fd, gate, gatePath);
                    gate = -1;
                    return taken;
                }
            }
            finally
            {
                OpenGate(gate, gatePath);
            }

            if (Environment.TickCount64 >= end)
            {
                throw LockHeldException.Of(fd, path, limit);
            }

            // Anew: a thread may still wait with this one, and would take the lock when nobody asks for it any more.
            int again = LockFolder.TryOpen(path);
            LibCAhead.close(fd);
            fd = again >= 0 ? again : throw LinuxException.Last($"open lock {path}");
            cancellation.WaitHandle.WaitOne(Opened);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static int ShutGate(string gatePath, TimeSpan limit, long end, CancellationToken cancellation)
    {
        while (true)
        {
            int gate = LockFolder.OpenOrMake(gatePath);
            try
            {
                Take(gate, gatePath, exclusive: true, limit, end, cancellation);
                if (LockFolder.IsAt(gate, gatePath))
                {
                    int shut = gate;
                    gate = -1;
                    return shut;
                }
            }
            finally
            {
                Close(gate); // who had shut it has taken it away
            }
        }
    }

    private static void OpenGate(int gate, string? gatePath)
    {
        if (gate >= 0)
        {
            LibC.rmdir(gatePath!); // while it is locked, so that who waits for it sees that it has gone
            LibCAhead.close(gate);
        }
    }

    private static void Take(int fd, string path, bool exclusive, TimeSpan limit, long end, CancellationToken cancellation)
    {
        if (!LockWait.TryTake(fd, path, exclusive, Sooner(limit, end), cancellation))
        {
            throw LockHeldException.Of(fd, path, limit);
        }
    }

    private static TimeSpan Sooner(TimeSpan time, long end)
    {
        TimeSpan left = TimeSpan.FromMilliseconds(Math.Max(0, end - Environment.TickCount64));
        return left < time ? left : time;
    }

    private static void Close(int fd)
    {
        if (fd >= 0)
        {
            LibCAhead.close(fd);
        }
    }

    /// <summary>Unlocks, and lets in who waits.</summary>
    public void Dispose()
    {
        OpenGate(Interlocked.Exchange(ref _gate, -1), _gatePath);
        Close(Interlocked.Exchange(ref _fd, -1));
    }
}
