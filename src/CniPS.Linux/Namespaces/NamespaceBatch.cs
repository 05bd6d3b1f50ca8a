using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Namespaces;

/// <summary>
/// Many named namespaces at once, on a few threads: what takes long about each is that the kernel waits (for its own lists of namespaces when one is made,
/// for readers of the mounts when one is removed), and it can wait for several at the same time.
/// </summary>
public static unsafe class NamespaceBatch
{
    // Measured on two processors with three hundred: more make none quicker.
    private const int Makers = 3, Removers = 16;

    /// <summary>Makes namespaces with names, <c>lo</c> up in each. Of one that fails nothing is left.</summary>
    /// <param name="names">The names, all different.</param>
    /// <returns>For each what went wrong; null: it is there.</returns>
    /// <exception cref="LinuxException">The folder can't be made: so none is.</exception>
    public static IReadOnlyList<LinuxException?> Create(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        NamedNamespaces.PrepareFolder();
        return Run(names, Makers, "create namespace", Make);
    }

    /// <summary>Removes names, as <see cref="NamedNamespaces.Remove"/> does.</summary>
    /// <param name="names">The names, all different.</param>
    /// <returns>For each what went wrong; null: it is gone.</returns>
    public static IReadOnlyList<LinuxException?> Remove(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Run(names, Removers, "remove namespace", NamedNamespaces.Unmount);
    }

    private static LinuxException?[] Run(IReadOnlyList<string> names, int most, string operation, Func<string, int> work)
    {
        int[] errors = new int[names.Count];
        string[] paths = [.. names.Select(NamedNamespaces.PathOf)];
        int next = -1;
        NamespaceThreads.Worker[] workers = new NamespaceThreads.Worker[Math.Min(most, names.Count)];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = NamespaceThread.Begin(() =>
            {
                for (int number = Interlocked.Increment(ref next); number < paths.Length; number = Interlocked.Increment(ref next))
                {
                    errors[number] = work(paths[number]);
                }

                return 0;
            });
        }

        Array.ForEach(workers, static worker => NamespaceThread.Finish(worker));
        LinuxException?[] failures = new LinuxException?[errors.Length];
        for (int i = 0; i < errors.Length; i++)
        {
            failures[i] = errors[i] == 0 ? null : new LinuxException($"{operation} {names[i]}", errors[i]);
        }

        return failures;
    }

    // From here on only system calls: the thread is in the namespace made last.
    private static int Make(string path)
    {
        int errno = NamedNamespaces.MakeFile(path);
        if (errno != 0)
        {
            return errno;
        }

        errno = NamedNamespaces.MountNew(path);
        if (errno != 0)
        {
            LibC.unlink(path);
            return errno;
        }

        errno = StartLoopback();
        if (errno != 0)
        {
            NamedNamespaces.Unmount(path);
        }

        return errno;
    }

    // netdevice(7): its flags are none besides, at its birth.
    private static int StartLoopback()
    {
        int socket = LibCAhead.socket(LibC.AF_INET, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
        if (socket < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        ifreq request = default;
        request.ifr_name[0] = (byte)'l';
        request.ifr_name[1] = (byte)'o';
        request.ifr_flags = (short)Rt.IFF_UP;
        int errno = LibC.ioctl(socket, SIOCSIFFLAGS, &request) == 0 ? 0 : Marshal.GetLastPInvokeError();
        LibCAhead.close(socket);
        return errno;
    }

    private const int SIOCSIFFLAGS = 0x8914; // linux/sockios.h
}
