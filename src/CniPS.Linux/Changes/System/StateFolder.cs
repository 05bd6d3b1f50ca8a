using System.IO;
using CniPS.Linux.Files;
using CniPS.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Changes;

/// <summary>Folders for locks, journals and indexes: they belong to the housekeeping and not to what an operation changes, so they are no step of it.</summary>
public static class StateFolder
{
    /// <summary>Makes a folder and those above it where they are missing.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mode">The permissions of new ones.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Make(string path, uint mode) => new FolderCreate(path, mode).Apply();

    /// <summary>Removes a file of such a folder, if it can be.</summary>
    /// <param name="path">The file.</param>
    public static void Forget(string path) => LibC.unlink(path);

    /// <summary>Refuses a folder that belongs to another user, or that others can write.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="LinuxException">It is one (EPERM), or there is none.</exception>
    public static void Require(string path) => OwnFile.RequireOurFolder(path);

    /// <summary>Whether a folder is none, but a symbolic link.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsLink(string path) => (ModeOf(path) & LibC.S_IFMT) == LibC.S_IFLNK;

    /// <summary>Refuses a symbolic link in a folder's place: what is made in it would be made elsewhere.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="LinuxException">It is one (ELOOP).</exception>
    public static void RefuseLink(string path)
    {
        if (IsLink(path))
        {
            throw OwnFile.Refused(path, Errno.ELOOP);
        }
    }

    /// <summary>Whether every user can write a folder.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsOpenToAll(string path) => (ModeOf(path) & 2) != 0;

    private static unsafe ushort ModeOf(string path)
    {
        statx stat;
        return LibC.statx(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, 3, &stat) == 0 ? stat.stx_mode : (ushort)0;
    }

    /// <summary>Opens a file of such a folder to read and write, making both where they are missing. .NET would lock it behind the scenes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="folderMode">The permissions of new folders.</param>
    /// <param name="mode">The permissions of a new file.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static SafeFileHandle OpenFile(string folder, string name, uint folderMode, uint mode)
    {
        int flags = LibC.O_RDWR | LibC.O_CREAT;
        string path = Path.Join(folder, name);
        int fd = OwnFile.TryOpen(path, flags, mode, out int errno);
        if (fd < 0 && errno == Errno.ENOENT)
        {
            Make(folder, folderMode);
            fd = OwnFile.TryOpen(path, flags, mode, out errno);
        }

        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw OwnFile.Refused(path, errno);
    }
}
