using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// Opening files that are ours: what is no regular file is refused at once. A symbolic link would have another file read or written in its
/// place, a FIFO would be waited for, for ever.
/// </summary>
internal static unsafe class OwnFile
{
    private static readonly int s_never = LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_NOCTTY;

    /// <summary>Opens a file.</summary>
    /// <returns>Its descriptor.</returns>
    /// <exception cref="LinuxException">The kernel refused, or it is no regular file.</exception>
    internal static int Open(string path, int flags, uint mode)
    {
        int fd = TryOpen(path, flags, mode, out int errno);
        return fd >= 0 ? fd : throw Refused(path, errno);
    }

    /// <summary>As <see cref="Open"/>, but -1 where the kernel refuses, with its reason.</summary>
    /// <exception cref="LinuxException">It is no regular file.</exception>
    internal static int TryOpen(string path, int flags, uint mode, out int errno)
    {
        int fd = OwnPath.Open(path, flags | s_never, mode);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        statx stat = default;
        if (fd >= 0 && LibC.statx(fd, "", LibC.AT_EMPTY_PATH, 1, &stat) != 0)
        {
            errno = Marshal.GetLastPInvokeError(); // not known, which is not the same as no regular file
            LibCAhead.close(fd);
            return -1;
        }

        if (fd >= 0 && (stat.stx_mode & LibC.S_IFMT) != LibC.S_IFREG)
        {
            LibCAhead.close(fd);
            throw new LinuxException($"open {path}", Errno.EINVAL, "it is no regular file");
        }

        return fd;
    }

    /// <summary>The error for a refusal; a symbolic link is called by its name.</summary>
    internal static LinuxException Refused(string path, int errno) =>
        new($"open {path}", errno, errno == Errno.ELOOP ? "it is a symbolic link, and those are not followed here" : null);

    /// <summary>Refuses a file that another user has put there, or could write.</summary>
    /// <exception cref="LinuxException">It is one (EPERM).</exception>
    internal static void RequireOurs(int fd, string path)
    {
        statx stat;
        if (LibC.statx(fd, "", LibC.AT_EMPTY_PATH, 0xB, &stat) == 0 && !IsOurs(stat))
        {
            throw new LinuxException($"use {path}", Errno.EPERM, "it belongs to another user, or others can write it");
        }
    }

    /// <summary>Refuses a folder that belongs to another user, or that others can write: who can, puts there what he likes.</summary>
    /// <exception cref="LinuxException">It is one (EPERM), or there is none.</exception>
    internal static void RequireOurFolder(string path)
    {
        statx stat;
        if (LibC.statx(LibC.AT_FDCWD, path, 0, 0xB, &stat) != 0)
        {
            throw LinuxException.Last($"look at {path}");
        }

        if ((stat.stx_mode & LibC.S_IFMT) != LibC.S_IFDIR || !IsOurs(stat))
        {
            throw new LinuxException($"use {path}", Errno.EPERM, "it must be a folder of root's that nobody else can write");
        }
    }

    private static bool IsOurs(in statx stat) =>
        (stat.stx_uid == 0 || stat.stx_uid == LibC.geteuid()) && (stat.stx_mode & 0x12) == 0; // 0022
}
