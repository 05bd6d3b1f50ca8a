using System;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// A file that is a lock and a record at once: whoever has it open holds it (flock(2)), and what stands in it when it is opened was left
/// by somebody who was killed. Where nothing is left in it, closing it removes it, so that a folder of them holds only what is in use
/// and what is left over.
/// </summary>
public sealed unsafe class JournalFile : IDisposable
{
    private const uint StatxInode = 0x100, StatxSize = 0x200;
    private static int Flags => LibC.O_RDWR | LibC.O_APPEND;

    private readonly string _path;
    private int _fd;
    private long _length;
    private bool _written; // whether anything stands in it
    private bool _cleared; // whether that is to go

    private JournalFile(string path, int fd)
    {
        _path = path;
        _fd = fd;
    }

    /// <summary>What was left in it.</summary>
    public ReadOnlyMemory<byte> Leftover { get; private set; }

    /// <summary>Whether nothing that has a meaning stands in it.</summary>
    public bool IsEmpty => _cleared || !_written;

    /// <summary>Opens it, making it where it is missing; waits while somebody else has it open.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="mode">Permissions of a new file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="limit">How long to wait; null: as long as for any lock, 60 s.</param>
    /// <exception cref="LockHeldException">Somebody else had it open all that time.</exception>
    /// <exception cref="LinuxException">The kernel refused, or there is no regular file at the path.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while waiting.</exception>
    public static JournalFile Open(string path, uint mode, CancellationToken cancellation, TimeSpan? limit = null)
    {
        TimeSpan longest = limit ?? LockWait.Limit;
        long end = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        for (int round = 0; ; round++)
        {
            if (TryOpen(path, LibC.O_CREAT, mode) is { } journal)
            {
                return journal;
            }

            if (Environment.TickCount64 >= end)
            {
                throw Held(path, longest);
            }

            LockWait.Pause(round, cancellation);
        }
    }

    /// <summary>Opens it where it is there and nobody else has it open.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null if there is none, or it is in use.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static JournalFile? TryOpen(string path) => TryOpen(path, 0, 0);

    /// <summary>Writes it anew. Whoever is killed in between leaves nothing in it: what stood there must have no meaning any more.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        if (_written && LibC.ftruncate(_fd, 0) != 0)
        {
            throw LinuxException.Last($"write {_path}");
        }

        _written = false;
        _length = 0;
        Append(content);
    }

    /// <summary>Writes behind what stands there.</summary>
    /// <exception cref="LinuxException">The kernel refused. What was written of it is taken away again.</exception>
    public void Append(ReadOnlySpan<byte> content)
    {
        int errno = PosixFile.WriteAll(_fd, content);
        if (errno != 0)
        {
            bool isTakenBack = LibC.ftruncate(_fd, _length) == 0; // a part that stays counts as not written: its line has no end
            _written = _length > 0 || !isTakenBack;
            throw new LinuxException($"write {_path}", errno);
        }

        _written |= !content.IsEmpty;
        _cleared &= content.IsEmpty;
        _length += content.Length;
    }

    /// <summary>
    /// Puts other content in its place, whole or not at all (a file beside it, renamed): whoever is killed in between leaves the old or the new.
    /// It is the last that is done with it, since the new file is nobody's yet.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Replace(ReadOnlySpan<byte> content, uint mode)
    {
        if (content.IsEmpty)
        {
            Clear();
            return;
        }

        int errno = PosixFile.Replace(_path, content, mode);
        if (errno != 0)
        {
            throw new LinuxException($"write {_path}", errno);
        }

        _written = true;
        _cleared = false;
    }

    /// <summary>Forgets what stands in it: closing will remove it.</summary>
    public void Clear() => _cleared = true;

    /// <summary>Closes it, and removes it unless something is to be left in it.</summary>
    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            RemoveIfCleared(fd);
            LibCAhead.close(fd);
        }
    }

    /// <summary>As <see cref="Dispose"/>, as the last that a process does before it ends, which closes the file: who is killed after the removal is known by nothing.</summary>
    public void EndWithProcess()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            RemoveIfCleared(fd);
        }
    }

    // While it is locked, so that whoever waits for it sees that it has gone. A refusal may pass.
    private void RemoveIfCleared(int fd)
    {
        if ((_cleared || !_written) && LibC.unlink(_path) != 0 && LibC.unlink(_path) != 0)
        {
            LibC.ftruncate(fd, 0); // what can't be removed must say nothing
        }
    }

    private static JournalFile? TryOpen(string path, int create, uint mode)
    {
        int fd = OwnFile.TryOpen(path, Flags | create, mode, out int failure);
        if (fd < 0)
        {
            if (create != 0)
            {
                RemoveEmpty(path); // it may have been made, and then not be looked at
            }

            return create == 0 && failure is Errno.ENOENT or Errno.ENOTDIR ? null : throw OwnFile.Refused(path, failure);
        }

        JournalFile? journal = null;
        try
        {
            if (TryLock(fd, path) && IsAt(fd, path, out long size))
            {
                OwnFile.RequireOurs(fd, path); // GC runs what stands in it
                journal = new JournalFile(path, fd) { _length = size, _written = size > 0, Leftover = size == 0 ? default : PosixFile.TryRead(path) };
            }

            return journal;
        }
        catch (LinuxException) when (create != 0)
        {
            LibC.flock(fd, LibC.LOCK_UN);
            RemoveEmpty(path);
            throw;
        }
        finally
        {
            if (journal is null)
            {
                LibCAhead.close(fd);
            }
        }
    }

    private static LockHeldException Held(string path, TimeSpan limit)
    {
        int fd = OwnFile.Open(path, LibC.O_RDONLY, 0);
        try
        {
            return LockHeldException.Of(fd, path, limit);
        }
        finally
        {
            LibCAhead.close(fd);
        }
    }

    private static bool TryLock(int fd, string path)
    {
        if (LibC.flock(fd, LibC.LOCK_EX | LibC.LOCK_NB) == 0)
        {
            return true;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EAGAIN or Errno.EINTR ? false : throw new LinuxException($"lock {path}", errno);
    }

    // Made just now, for a lock that can't be had; nobody else's as long as it is locked here.
    private static void RemoveEmpty(string path)
    {
        int fd = OwnPath.Open(path, Flags | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NONBLOCK, 0);
        statx open;
        if (fd >= 0 && LibC.flock(fd, LibC.LOCK_EX | LibC.LOCK_NB) == 0
            && LibC.statx(fd, "", LibC.AT_EMPTY_PATH, StatxSize | 1, &open) == 0 && open.stx_size == 0 && (open.stx_mode & LibC.S_IFMT) == LibC.S_IFREG)
        {
            LibC.unlink(path);
        }

        if (fd >= 0)
        {
            LibCAhead.close(fd);
        }
    }

    // Who held it before may have removed it: then the lock is on a file that nobody else will find.
    private static bool IsAt(int fd, string path, out long size)
    {
        statx open, there;
        size = 0;
        if (LibC.statx(fd, "", LibC.AT_EMPTY_PATH, StatxInode | StatxSize, &open) != 0
            || LibC.statx(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, StatxInode, &there) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            return errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EINTR ? false : throw new LinuxException($"look at {path}", errno);
        }

        size = (long)open.stx_size;
        return open.stx_ino == there.stx_ino && open.stx_dev_major == there.stx_dev_major && open.stx_dev_minor == there.stx_dev_minor;
    }
}
