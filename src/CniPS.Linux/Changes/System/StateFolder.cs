using System.IO;
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

    /// <summary>Opens a file of such a folder to read and write, making both where they are missing. .NET would lock it behind the scenes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="folderMode">The permissions of new folders.</param>
    /// <param name="mode">The permissions of a new file.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static SafeFileHandle OpenFile(string folder, string name, uint folderMode, uint mode)
    {
        const int Flags = LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC;
        string path = Path.Join(folder, name);
        int fd = LibC.open(path, Flags, mode);
        if (fd < 0 && LinuxException.Last($"open {path}") is { } failure)
        {
            if (!failure.IsNotFound)
            {
                throw failure;
            }

            Make(folder, folderMode);
            fd = LibC.open(path, Flags, mode);
        }

        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw LinuxException.Last($"open {path}");
    }
}
