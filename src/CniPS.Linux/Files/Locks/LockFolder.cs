using System;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Files;

/// <summary>
/// Where the locks of a host's namespace are: <c>/run/cnips/locks/DEVICE-INODE/</c>, whatever folders a runtime has for its cache, so that all
/// who work in that namespace meet. The folders are root's and closed to others, since any user may lock what he may open. Who is not
/// root on the machine (a user namespace) has them in his XDG_RUNTIME_DIR.
/// </summary>
/// <remarks>A lock is a folder, not a file: nothing can be written into it, and it never grows. They stay until the machine starts anew.</remarks>
internal sealed unsafe class LockFolder
{
    private const uint Open0755 = 0x1ED, Closed0700 = 0x1C0;

    private readonly string _name;
    private readonly string _top;
    private string? _path; // once it has been looked at

    /// <summary>Names the folder.</summary>
    /// <param name="name">Its name: the host's namespace.</param>
    /// <param name="top">Where it is.</param>
    internal LockFolder(string name, string top = Root)
    {
        _name = name;
        _top = top;
    }

    /// <summary>Where root has them.</summary>
    internal const string Root = "/run/cnips/locks";

    /// <summary>Opens a lock, making it where it is missing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="path">Its path.</param>
    /// <returns>Its descriptor.</returns>
    /// <exception cref="LinuxException">The kernel refused, or others may write into the folder.</exception>
    internal int Open(string name, out string path)
    {
        path = $"{_path ??= Prepare()}/{name}";
        int fd = TryOpen(path);
        if (fd < 0 && Marshal.GetLastPInvokeError() == Errno.ENOENT)
        {
            path = $"{_path = Prepare()}/{name}"; // the folder may have gone, too
            fd = OpenOrMake(path);
        }

        return fd >= 0 ? fd : throw LinuxException.Last($"open lock {path}");
    }

    /// <summary>Opens a folder that is there.</summary>
    /// <returns>Its descriptor, or -1.</returns>
    internal static int TryOpen(string path) =>
        LibC.open(path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC, 0);

    /// <summary>Opens a folder, making it where it is missing.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static int OpenOrMake(string path)
    {
        while (true)
        {
            int fd = TryOpen(path);
            if (fd >= 0)
            {
                return fd;
            }

            if (Marshal.GetLastPInvokeError() != Errno.ENOENT || !TryMake(path, Closed0700))
            {
                throw LinuxException.Last($"open lock {path}");
            }
        }
    }

    /// <summary>Whether an open folder is still the one at a path.</summary>
    internal static bool IsAt(int fd, string path)
    {
        statx open, there;
        return LibC.statx(fd, "", LibC.AT_EMPTY_PATH, 0x100, &open) == 0 && LibC.statx(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, 0x100, &there) == 0
            && open.stx_ino == there.stx_ino && open.stx_dev_major == there.stx_dev_major && open.stx_dev_minor == there.stx_dev_minor;
    }

    private string Prepare()
    {
        string? own = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        string top = MakeAll(_top, _name, out int errno) ? _top
            : errno is (Errno.EACCES or Errno.EPERM or Errno.EROFS) && own is ['/', ..] && MakeAll($"{own}/cnips/locks", _name, out errno) ? $"{own}/cnips/locks"
            : throw new LinuxException($"create folder {_top}", errno);
        OwnFile.RequireOurFolder(top); // whoever may write here could put folders of his own in the place of ours, and lock them
        return $"{top}/{_name}";
    }

    private static bool MakeAll(string top, string name, out int errno)
    {
        errno = 0;
        if (LibC.access($"{top}/{name}", 0) == 0)
        {
            return true;
        }

        string above = top[..top.LastIndexOf('/')];
        bool made = TryMake(above, Open0755) && TryMake(top, Closed0700) && TryMake($"{top}/{name}", Closed0700);
        errno = made ? 0 : Marshal.GetLastPInvokeError();
        return made;
    }

    private static bool TryMake(string path, uint mode) => LibC.mkdir(path, mode) == 0 || Marshal.GetLastPInvokeError() == Errno.EEXIST;
}
