using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Files;

/// <summary>
/// Hears that something in folders has changed (inotify(7)), one that is still to be made included: of such a folder the nearest one above it that is
/// there is watched. What has changed is not said: who wants to know looks, after <see cref="Arm"/>.
/// </summary>
/// <remarks>Tmds.LibC has no inotify. .NET's FileSystemWatcher tells from threads of its own, and can't be waited for together with sockets.</remarks>
public sealed unsafe class FolderWatch : IDisposable
{
    private readonly SafeFileHandle _inotify;

    /// <summary>Begins, with no folder yet.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public FolderWatch()
    {
        int fd = LibC.inotify_init1(LibC.IN_NONBLOCK | LibC.IN_CLOEXEC);
        _inotify = fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxException.Last("watch folders");
    }

    /// <summary>For the set of sockets that are waited for.</summary>
    public SafeHandle Handle => _inotify;

    /// <summary>Watches folders from now on; those that are watched already stay so. To be called again after each change, since folders come and go.</summary>
    /// <param name="folders">Absolute paths.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Arm(IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        foreach (string folder in folders)
        {
            // What is made in between is not missed: after the watch above, it is looked for once more.
            for (string? path = folder; path is not null && !TryWatch(path); path = Path.GetDirectoryName(path))
            {
                string? above = Path.GetDirectoryName(path);
                if (above is not null && TryWatch(above) && TryWatch(path))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Takes what has been heard, without waiting.</summary>
    /// <returns>Whether it was anything.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool Take()
    {
        bool any = false;
        byte* buffer = stackalloc byte[4096];
        while (true)
        {
            nint length = LibCAhead.read((int)_inotify.DangerousGetHandle(), buffer, 4096);
            any |= length > 0;
            if (length <= 0 && LinuxException.Last("read what has changed in folders") is { } failure && failure.Errno != Errno.EINTR)
            {
                return failure.Errno == Errno.EAGAIN ? any : throw failure;
            }
        }
    }

    /// <summary>Watches nothing any more.</summary>
    public void Dispose() => _inotify.Dispose();

    private bool TryWatch(string folder)
    {
        uint mask = LibC.IN_CREATE | LibC.IN_DELETE | LibC.IN_CLOSE_WRITE | LibC.IN_MOVED_FROM | LibC.IN_MOVED_TO | LibC.IN_DELETE_SELF | LibC.IN_ONLYDIR;
        if (LibC.inotify_add_watch((int)_inotify.DangerousGetHandle(), folder, mask) >= 0)
        {
            return true;
        }

        LinuxException failure = LinuxException.Last($"watch {folder}");
        return failure.Errno is Errno.ENOENT or Errno.ENOTDIR ? false : throw failure;
    }
}
