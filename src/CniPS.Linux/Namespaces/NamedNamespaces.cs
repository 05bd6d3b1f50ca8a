using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Namespaces;

/// <summary>Named network namespaces, as <c>ip netns</c> makes them: files in /run/netns on which a namespace is bind-mounted (ip-netns(8)).</summary>
public static class NamedNamespaces
{
    /// <summary>Where they lie.</summary>
    public const string Folder = "/run/netns";

    private const string OldFolder = "/var/run/netns";

    /// <summary>The path of a name.</summary>
    public static string PathOf(string name) => $"{Folder}/{name}";

    /// <summary>The name behind a path, or null where the path is no named namespace's.</summary>
    public static string? NameOf(string path)
    {
        foreach (string folder in (ReadOnlySpan<string>)[Folder, OldFolder])
        {
            if (path.Length > folder.Length + 1 && path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] == '/'
                && path.IndexOf('/', folder.Length + 1) < 0)
            {
                return path[(folder.Length + 1)..];
            }
        }

        return null;
    }

    /// <summary>Whether a text can be a namespace's name: one path component of at most 255 bytes.</summary>
    public static bool IsValidName(string name) =>
        name.Length is > 0 and <= 255 && name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\0') < 0;

    /// <summary>Whether a namespace of that name exists.</summary>
    public static bool Exists(string name) => IsValidName(name) && File.Exists(PathOf(name));

    /// <summary>The names there are, sorted ordinally.</summary>
    public static IReadOnlyList<string> List()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        string[] names = Directory.GetFiles(Folder);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = System.IO.Path.GetFileName(names[i]);
        }

        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>Makes a namespace and gives it a name. Nothing is left when it fails.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The namespace, open.</returns>
    /// <exception cref="LinuxException">The name is taken, or the kernel refused.</exception>
    public static NetworkNamespace Create(string name)
    {
        string path = PathOf(name);
        PrepareFolder();
        int made = MakeFile(path);
        if (made != 0)
        {
            throw new LinuxException($"create namespace {name}", made);
        }

        int errno = NamespaceThread.Run(() => MountNew(path));
        if (errno != 0)
        {
            LibC.unlink(path);
            throw new LinuxException($"create namespace {name}", errno);
        }

        return NetworkNamespace.Open(path);
    }

    /// <summary>Removes a name; the namespace itself ends when nobody is in it and nobody holds it open.</summary>
    /// <exception cref="LinuxException">There is no such name, or the kernel refused.</exception>
    public static void Remove(string name)
    {
        int errno = Unmount(PathOf(name));
        if (errno != 0)
        {
            throw new LinuxException($"remove namespace {name}", errno);
        }
    }

    /// <summary>Makes the file that a namespace is mounted on.</summary>
    /// <returns>errno.</returns>
    internal static int MakeFile(string path)
    {
        int fd = LibC.open(path, LibC.O_RDONLY | LibC.O_CREAT | LibC.O_EXCL | LibC.O_CLOEXEC, 0);
        if (fd < 0)
        {
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        }

        LibCAhead.close(fd);
        return 0;
    }

    /// <summary>Removes a file that a namespace is mounted on. EINVAL of its mount: it has none, as a killed creation leaves it.</summary>
    /// <returns>errno.</returns>
    internal static int Unmount(string path)
    {
        if (LibC.umount2(path, LibC.MNT_DETACH) != 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() is var errno and not Errno.EINVAL)
        {
            return errno;
        }

        return LibC.unlink(path) == 0 ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
    }

    /// <summary>Leaves the thread's namespace for a new one, and mounts that. On a thread of its own: only system calls.</summary>
    /// <returns>errno.</returns>
    internal static int MountNew(string path)
    {
        if (LibC.unshare(LibC.CLONE_NEWNET) != 0)
        {
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        }

        return LibC.mount("/proc/thread-self/ns/net", path, "none", LibC.MS_BIND, null) == 0
            ? 0
            : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
    }

    /// <summary>As ip netns does: the folder is a shared mount, so that mounts in it are seen in other mount namespaces.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static void PrepareFolder()
    {
        if (LibC.mkdir(Folder, 0x1ED) != 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.EEXIST)
        {
            throw LinuxException.Last($"create folder {Folder}");
        }

        if (LibC.mount("", Folder, "none", LibC.MS_SHARED | LibC.MS_REC, null) == 0)
        {
            return;
        }

        if (LibC.mount(Folder, Folder, "none", LibC.MS_BIND | LibC.MS_REC, null) != 0
            || LibC.mount("", Folder, "none", LibC.MS_SHARED | LibC.MS_REC, null) != 0)
        {
            throw LinuxException.Last($"make {Folder} a shared mount");
        }
    }
}
