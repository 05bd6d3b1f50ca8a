using System;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Namespaces;

/// <summary>
/// The only place that changes a thread's namespace (rule 3). A thread made for it enters, runs a few raw system calls and comes home; it is
/// used for nothing else. .NET's own threads inherit the namespace of whoever starts them, so what runs inside must start no thread, task,
/// timer or process, and must not wait for one.
/// </summary>
internal static class NamespaceThread
{
    private static readonly NamespaceThreads s_threads = new();

    /// <summary>Set by a program that has no second thread and starts none: it enters on its own thread and comes back, which is cheaper than starting one.</summary>
    internal static bool EnterDirectly { get; set; }

    /// <summary>Runs raw system calls on such a thread, which may leave its namespace for another.</summary>
    internal static int Run(Func<int> systemCalls) => s_threads.Run(systemCalls);

    /// <summary>Runs raw system calls inside a namespace.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="systemCalls">What to run: system calls only.</param>
    /// <returns>What <paramref name="systemCalls"/> returned, or the negative errno of setns.</returns>
    internal static int Run(NetworkNamespace ns, Func<int> systemCalls)
    {
        int fd = ns.Descriptor;
        if (EnterDirectly)
        {
            return RunDirectly(fd, systemCalls);
        }

        return s_threads.Run(() => Enter(fd, systemCalls));
    }

    /// <summary>Begins to run raw system calls on such a thread, which may leave its namespace for another, while the caller goes on.</summary>
    /// <returns>For <see cref="Finish"/>.</returns>
    internal static NamespaceThreads.Worker Begin(Func<int> systemCalls) => s_threads.Begin(systemCalls);

    /// <summary>Begins to run raw system calls inside a namespace, while the caller goes on.</summary>
    /// <param name="ns">The namespace; it must stay open until they have ended.</param>
    /// <param name="systemCalls">What to run: system calls only.</param>
    /// <returns>For <see cref="Finish"/>; null where there is no second thread: then nothing was begun.</returns>
    internal static NamespaceThreads.Worker? Begin(NetworkNamespace ns, Func<int> systemCalls)
    {
        int fd = ns.Descriptor;
        return EnterDirectly ? null : s_threads.Begin(() => Enter(fd, systemCalls));
    }

    /// <summary>Waits until what was begun has ended.</summary>
    /// <returns>What <see cref="Run(NetworkNamespace, Func{int})"/> would have returned.</returns>
    internal static int Finish(NamespaceThreads.Worker begun) => s_threads.Finish(begun);

    /// <summary>Whether there are other threads than the caller's to do something on.</summary>
    internal static bool HasOthers => !EnterDirectly;

    /// <summary>
    /// Runs raw system calls inside a namespace, which stays open for them; nobody waits for them, nor learns what came of them. The descriptor
    /// that they return is closed when the thread is home again.
    /// </summary>
    internal static void Leave(NetworkNamespace ns, Func<int> systemCalls)
    {
        int fd = LibCAhead.fcntl(ns.Descriptor, LibC.F_DUPFD_CLOEXEC, 0);
        s_threads.Leave(() =>
        {
            int result = Enter(fd, systemCalls);
            LibCAhead.close(fd);
            return result;
        });
    }

    private static int Enter(int fd, Func<int> systemCalls) => LibCAhead.setns(fd, LibC.CLONE_NEWNET) == 0
        ? systemCalls()
        : -System.Runtime.InteropServices.Marshal.GetLastPInvokeError();

    private static int RunDirectly(int fd, Func<int> systemCalls)
    {
        int home = LibC.open("/proc/thread-self/ns/net", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        if (home < 0 || LibCAhead.setns(fd, LibC.CLONE_NEWNET) != 0)
        {
            int errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            LibCAhead.close(home);
            return -errno;
        }

        try
        {
            return systemCalls();
        }
        finally
        {
            GoHome(home);

            LibCAhead.close(home);
        }
    }

    private static void GoHome(int home)
    {
        const int Attempts = 3; // a refusal may pass (ENOMEM)
        for (int attempt = 0; LibCAhead.setns(home, LibC.CLONE_NEWNET) != 0; attempt++)
        {
            if (attempt == Attempts)
            {
                // Going on in a foreign namespace would change the wrong machine.
                Environment.FailFast("cnips: can't return to the host's network namespace");
            }
        }
    }
}
