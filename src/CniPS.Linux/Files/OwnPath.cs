using System;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// Opening beneath a folder of ours, <c>cnips</c> or <c>.cnips</c>, without following a link anywhere on the way from there, nor the last part of
/// any path. A folder above may be a link: where the cache is, is for the machine's owner to say.
/// </summary>
internal static class OwnPath
{
    /// <summary>Opens a path; O_NOFOLLOW is the caller's.</summary>
    /// <returns>The descriptor, or -1 with errno: ELOOP for a link.</returns>
    internal static int Open(string path, int flags, uint mode)
    {
        int fd = LibC.openat2(LibC.AT_FDCWD, path, flags, mode); // no link at all, as nearly everywhere: one call
        return fd < 0 && Marshal.GetLastPInvokeError() is Errno.ELOOP or Errno.ENOSYS or Errno.EPERM ? OpenBeneath(path, flags, mode) : fd;
    }

    // There is a link in the path, or the kernel is older than 5.6, or a filter of system calls (seccomp) doesn't know this one.
    private static int OpenBeneath(string path, int flags, uint mode)
    {
        int own = StartOfOwn(path);
        if (own < 0)
        {
            return LibC.open(path, flags, mode);
        }

        int folder = LibC.open(own == 0 ? "." : path[..own], LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        string[] parts = path[own..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < parts.Length && folder >= 0; i++)
        {
            bool last = i == parts.Length - 1;
            int next = OpenPart(folder, parts[i], LibC.O_NOFOLLOW | (last ? flags : LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC), last ? mode : 0);
            int errno = Marshal.GetLastPInvokeError();
            LibCAhead.close(folder);
            Marshal.SetLastPInvokeError(errno == Errno.ENOTDIR ? Errno.ELOOP : errno); // as the kernel calls a link where a folder is wanted
            folder = next;
        }

        return folder;
    }

    private static int OpenPart(int folder, string name, int flags, uint mode)
    {
        int fd;
        do
        {
            fd = LibCAhead.openat(folder, name, flags, mode);
        }
        while (fd < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return fd;
    }

    // Where in the path the last folder of ours begins; below 0: none is in it.
    private static int StartOfOwn(string path)
    {
        int end = path.Length;
        while (end > 0)
        {
            int slash = path.LastIndexOf('/', end - 1);
            if (path[(slash + 1)..end] is "cnips" or ".cnips")
            {
                return slash + 1;
            }

            end = slash;
        }

        return -1;
    }
}
