using System;
using System.Globalization;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// Small files as a process sees them: beneath its own root folder, with its own mounts. What is there is the process's, and not to be trusted: no link leads out of
/// its root (RESOLVE_IN_ROOT, openat2(2), Linux 5.6), nothing is waited for, and only so much is read.
/// </summary>
public static unsafe class ProcessFile
{
    private const int Most = 64 << 10;

    /// <summary>A file's first 64 KiB; null where there is none, or none that may be read.</summary>
    /// <param name="process">The process.</param>
    /// <param name="path">The file, from the process's root: <c>etc/resolv.conf</c>.</param>
    public static byte[]? TryRead(int process, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int root = LibC.open($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/root", LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0);
        if (root < 0)
        {
            return null;
        }

        int file = LibC.openat2(
            root, path, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOCTTY | LibC.O_CLOEXEC, 0, Interop.open_how.RESOLVE_IN_ROOT | Interop.open_how.RESOLVE_NO_MAGICLINKS);
        LibCAhead.close(root);
        if (file < 0)
        {
            return null;
        }

        byte[] content = new byte[Most];
        int length = 0;
        long n = -1;
        fixed (byte* p = content)
        {
            while (length < Most && ((n = LibCAhead.read(file, p + length, Most - length)) > 0 || (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)))
            {
                length += (int)Math.Max(n, 0);
            }
        }

        LibCAhead.close(file);
        return n < 0 ? null : content.AsSpan(0, length).ToArray();
    }
}
