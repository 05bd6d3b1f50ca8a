using System;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>A lock by flock(2): between processes, and between threads of one, since every acquisition opens the file anew.</summary>
internal sealed class FileLock : IDisposable
{
    private int _fd;

    private FileLock(int fd) => _fd = fd;

    internal static FileLock Acquire(string path, int flags, uint mode, bool exclusive, CancellationToken cancellation)
    {
        int fd = LibC.open(path, flags | LibC.O_CLOEXEC, mode);
        if (fd < 0)
        {
            throw LinuxException.Last($"open lock {path}");
        }

        int operation = (exclusive ? LibC.LOCK_EX : LibC.LOCK_SH) | LibC.LOCK_NB;
        try
        {
            for (int round = 0; LibC.flock(fd, operation) != 0; round++)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno is not (Errno.EAGAIN or Errno.EINTR))
                {
                    throw new LinuxException($"lock {path}", errno);
                }

                LockWait.Pause(round, cancellation);
            }
        }
        catch
        {
            LibC.close(fd);
            throw;
        }

        return new FileLock(fd);
    }

    /// <summary>Unlocks.</summary>
    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            LibC.close(fd);
        }
    }
}
