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
        int fd = LibC.open(path, flags | s_never, mode);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (fd >= 0 && !IsRegular(fd))
        {
            LibC.close(fd);
            throw new LinuxException($"open {path}", Errno.EINVAL, "it is no regular file");
        }

        return fd;
    }

    /// <summary>The error for a refusal; a symbolic link is called by its name.</summary>
    internal static LinuxException Refused(string path, int errno) =>
        new($"open {path}", errno, errno == Errno.ELOOP ? "it is a symbolic link, and those are not followed here" : null);

    private static bool IsRegular(int fd)
    {
        statx_t stat;
        return LibC.statx(fd, "", LibC.AT_EMPTY_PATH, 1, &stat) == 0 && (stat.stx_mode & LibC.S_IFMT) == LibC.S_IFREG;
    }
}
