using System;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux;

/// <summary>
/// A semaphore of libc's (sem_overview(7)). Waking a thread through it and being woken takes a few microseconds; .NET's own primitives take
/// ten times as long, which counts where a thread is asked for two system calls.
/// </summary>
internal sealed unsafe class PosixSemaphore : IDisposable
{
    // sem_t is 32 bytes with glibc on 64 bits, and less elsewhere.
    private const int Size = 64;

    private void* _semaphore = NativeMemory.AllocZeroed(Size);

    internal PosixSemaphore()
    {
        if (LibC.sem_init(_semaphore, 0, 0) != 0)
        {
            throw LinuxException.Last("make a semaphore");
        }
    }

    /// <summary>Lets one waiting thread go on.</summary>
    internal void Post() => LibC.sem_post(_semaphore);

    /// <summary>Waits without limit.</summary>
    internal void Wait()
    {
        while (LibC.sem_wait(_semaphore) != 0)
        {
            // EINTR: .NET interrupts threads by signals, for garbage collection
        }
    }

    /// <summary>Waits for a time.</summary>
    /// <returns>Whether it was let go on in time.</returns>
    internal bool Wait(TimeSpan limit)
    {
        DateTimeOffset until = DateTimeOffset.UtcNow + limit;
        timespec time = new() { tv_sec = until.ToUnixTimeSeconds(), tv_nsec = (int)(until.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) };
        while (LibC.sem_timedwait(_semaphore, &time) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Frees it. Nobody may be waiting.</summary>
    public void Dispose()
    {
        void* semaphore = _semaphore;
        _semaphore = null;
        if (semaphore is not null)
        {
            LibC.sem_destroy(semaphore);
            NativeMemory.Free(semaphore);
        }
    }
}
