using System;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// Files by their system calls: O_EXCL and flock decide here who has what, and .NET's own files lock behind the scenes.
/// </summary>
internal static unsafe class PosixFile
{
    private const int Longest = 16 << 20; // no file that is read here has a thousandth of it

    /// <summary>The whole content, or null where there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="own">Whether it is one of ours, where a symbolic link is not followed and only a regular file is read.</param>
    /// <exception cref="LinuxException">It can't be read, or is longer than any file that is read here (EFBIG), as a device is.</exception>
    internal static byte[]? TryRead(string path, bool own = false)
    {
        if (!IsPath(path))
        {
            return null;
        }

        int errno = 0;
        int fd = own ? OwnFile.TryOpen(path, LibC.O_RDONLY, 0, out errno)
            : LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_NONBLOCK | LibC.O_NOCTTY, 0);
        if (fd < 0)
        {
            errno = own ? errno : Marshal.GetLastPInvokeError();
            return errno is Errno.ENOENT or Errno.ENOTDIR ? null : throw (own ? OwnFile.Refused(path, errno) : new LinuxException($"read {path}", errno));
        }

        try
        {
            byte[] buffer = new byte[512];
            int length = 0;
            while (true)
            {
                long n;
                fixed (byte* p = buffer)
                {
                    n = LibCAhead.read(fd, p + length, buffer.Length - length);
                }

                if (n < 0)
                {
                    if (Marshal.GetLastPInvokeError() == Errno.EINTR)
                    {
                        continue;
                    }

                    throw LinuxException.Last($"read {path}");
                }

                if (n == 0)
                {
                    return buffer.AsSpan(0, length).ToArray();
                }

                length += (int)n;
                if (length > Longest)
                {
                    throw new LinuxException($"read {path}", Errno.EFBIG);
                }

                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, length * 4);
                }
            }
        }
        finally
        {
            LibCAhead.close(fd);
        }
    }

    /// <summary>Whether something is at the path.</summary>
    /// <exception cref="LinuxException">It can't be told: what may not be looked at must not count as gone.</exception>
    internal static bool Exists(string path)
    {
        if (!IsPath(path) || LibC.access(path, 0) == 0)
        {
            return IsPath(path);
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ENAMETOOLONG ? false : throw new LinuxException($"look at {path}", errno);
    }

    /// <summary>Whether a text can be a path at all: to the kernel a NUL is its end, so that another file would be meant.</summary>
    internal static bool IsPath(string path) => !path.Contains('\0');

    /// <summary>Whether there is a folder at the path.</summary>
    /// <exception cref="LinuxException">There is, or may be, but it may not be read.</exception>
    internal static bool CanList(string path)
    {
        if (!IsPath(path))
        {
            return false;
        }

        int fd = LibC.open(path + "/", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? false : throw LinuxException.Last($"read {path}");
        }

        LibCAhead.close(fd);
        return true;
    }

    /// <summary>Writes a file. What was written in part is removed again where the file is new.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="flags">O_EXCL: it must not be there; O_TRUNC: it may be; O_APPEND: behind what is there.</param>
    /// <param name="mode">Permissions of a new file.</param>
    /// <returns>0, or the errno.</returns>
    internal static int Write(string path, ReadOnlySpan<byte> content, int flags, uint mode)
    {
        if (!IsPath(path))
        {
            return Errno.EINVAL;
        }

        int fd = OwnPath.Open(path, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_NOCTTY | flags, mode);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        int errno = WriteAll(fd, content);
        LibCAhead.close(fd);
        if (errno != 0 && (flags & LibC.O_EXCL) != 0)
        {
            LibC.unlink(path);
        }

        return errno;
    }

    /// <summary>
    /// Makes a file that must not be there yet, whole or not at all: a nameless file (O_TMPFILE) is written first and then given its name
    /// (linkat(2)), which fails where the name is taken. So a process that is killed in between leaves no empty file behind. File systems
    /// without nameless files get O_EXCL.
    /// </summary>
    /// <returns>0, or the errno.</returns>
    internal static int Create(string path, ReadOnlySpan<byte> content, uint mode)
    {
        int errno = CreateNameless(path, content, mode);
        return errno == Errno.EOPNOTSUPP ? Write(path, content, LibC.O_EXCL, mode) : errno;
    }

    /// <summary>
    /// Writes a file so that a reader sees the old content or the new, never a part: a new one as <see cref="Create"/> does, in the place of
    /// another by writing beside and renaming.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="mode">Permissions of a new file.</param>
    /// <param name="durable">Whether it is on the disk before this returns (fsync(2)), so that it outlasts the machine's end, too.</param>
    /// <returns>0, or the errno.</returns>
    internal static int Replace(string path, ReadOnlySpan<byte> content, uint mode, bool durable = false)
    {
        int errno = CreateNameless(path, content, mode, durable);
        errno = errno is Errno.EEXIST or Errno.EOPNOTSUPP ? RenameOver(path, content, mode, durable) : errno;
        return errno == 0 && durable ? Flush(FolderOf(path), LibC.O_RDONLY | LibC.O_DIRECTORY) : errno;
    }

    private static string FolderOf(string path) => System.IO.Path.GetDirectoryName(path) is { Length: > 0 } name ? name : ".";

    private static int Flush(string path, int flags)
    {
        int fd = LibC.open(path, flags | LibC.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        int errno = Flush(fd);
        LibCAhead.close(fd);
        return errno;
    }

    private static int Flush(int fd) => LibC.fsync(fd) == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static int CreateNameless(string path, ReadOnlySpan<byte> content, uint mode, bool durable = false)
    {
        if (!IsPath(path))
        {
            return Errno.EINVAL;
        }

        int fd = OwnPath.Open(FolderOf(path), LibC.O_WRONLY | LibC.O_TMPFILE | LibC.O_CLOEXEC, mode);
        if (fd < 0)
        {
            int failure = Marshal.GetLastPInvokeError();
            return failure is Errno.EISDIR or Errno.EINVAL ? Errno.EOPNOTSUPP : failure; // how old kernels say it
        }

        int errno = WriteAll(fd, content);
        errno = errno == 0 && durable ? Flush(fd) : errno;
        if (errno == 0)
        {
            errno = GiveName(fd, path);
        }

        LibCAhead.close(fd);
        return errno;
    }

    // By its descriptor, which takes CAP_DAC_READ_SEARCH before Linux 6.10: without it, the way over /proc, which takes longer.
    private static int GiveName(int fd, string path)
    {
        if (LibC.linkat(fd, "", LibC.AT_FDCWD, path, LibC.AT_EMPTY_PATH) == 0)
        {
            return 0;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno != Errno.ENOENT ? errno
            : LibC.linkat(LibC.AT_FDCWD, $"/proc/self/fd/{fd}", LibC.AT_FDCWD, path, LibC.AT_SYMLINK_FOLLOW) == 0 ? 0
            : Marshal.GetLastPInvokeError();
    }

    private static int RenameOver(string path, ReadOnlySpan<byte> content, uint mode, bool durable)
    {
        string beside = BesideFile.NameOf(path);
        int errno = Write(beside, content, LibC.O_EXCL, mode);
        if (errno == Errno.EEXIST)
        {
            LibC.unlink(beside); // a killed process of the same number left it
            errno = Write(beside, content, LibC.O_EXCL, mode);
        }

        errno = errno == 0 && durable ? Flush(beside, LibC.O_RDONLY) : errno;
        if (errno == 0 && LibC.rename(beside, path) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
            LibC.unlink(beside);
        }

        return errno;
    }

    /// <summary>Writes everything.</summary>
    /// <returns>0, or the errno.</returns>
    internal static int WriteAll(int fd, ReadOnlySpan<byte> content)
    {
        fixed (byte* p = content)
        {
            int at = 0;
            while (at < content.Length)
            {
                long n = LibCAhead.write(fd, p + at, content.Length - at);
                if (n < 0)
                {
                    int errno = Marshal.GetLastPInvokeError();
                    if (errno != Errno.EINTR)
                    {
                        return errno;
                    }
                }
                else
                {
                    at += (int)n;
                }
            }
        }

        return 0;
    }
}
