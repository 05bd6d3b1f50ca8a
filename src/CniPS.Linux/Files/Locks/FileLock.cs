using System;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// A file's lock by flock(2): between processes, and between threads of one, since every acquisition opens the file anew. A symbolic link in
/// the file's place is refused, not followed.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private int _fd;

    private FileLock(int fd) => _fd = fd;

    internal static FileLock Acquire(string path, uint mode, bool exclusive, TimeSpan limit, CancellationToken cancellation)
    {
        int fd = OwnFile.Open(path, LibC.O_RDWR | LibC.O_CREAT, mode);
        try
        {
            return LockWait.TryTake(fd, path, exclusive, limit, cancellation) ? new FileLock(fd) : throw LockHeldException.Of(fd, path, limit);
        }
        catch
        {
            LibCAhead.close(fd);
            throw;
        }
    }

    /// <summary>Unlocks.</summary>
    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            LibCAhead.close(fd);
        }
    }
}
