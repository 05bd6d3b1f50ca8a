using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit;

namespace CniPS.Tests.Hosting;

/// <summary>
/// Gives this process network and mount namespaces of its own before its first line runs. The module's cmdlets work on the machine as their
/// process sees it; every thread that is started from here on sees this one.
/// </summary>
internal static class PrivateMachine
{
    // sched.h, sys/mount.h
    private const int NewMountNamespace = 0x00020000, NewNetworkNamespace = 0x40000000;
    private const ulong Recursive = 0x4000, Private = 0x40000;

    /// <summary>Why there is none; null where there is one.</summary>
    internal static string? Missing { get; private set; } = "not begun";

    /// <summary>Skips a test that needs the machine.</summary>
    internal static void Require() => Assert.SkipWhen(Missing is not null, $"needs a network namespace of its own: {Missing}");

    /// <summary>Runs a program to its end and gives what it printed; it must succeed.</summary>
    internal static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

#pragma warning disable CA2255 // The threads that come later get what this one has, so it can't be later.
    [ModuleInitializer]
    internal static void Begin()
#pragma warning restore CA2255
    {
        foreach (string name in new[] { "CNI_PATH", "NETCONFPATH", "CNI_ARGS", "CAP_ARGS", "CNI_IFNAME" })
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        Environment.SetEnvironmentVariable("NO_COLOR", "1");
        Missing = Environment.IsPrivilegedProcess ? Make() : "this is not root";
    }

    private static string? Make()
    {
        Directory.CreateDirectory("/var/lib/cni");
        Directory.CreateDirectory("/etc/cni");
        string before = Own();
        if (unshare(NewNetworkNamespace | NewMountNamespace) != 0 || Own() == before)
        {
            return $"unshare: {Marshal.GetLastPInvokeErrorMessage()}";
        }

        // From here on a failure is no reason to skip: what can be had is half a machine.
        Mount("none", "/", null, Recursive | Private);
        Mount("sysfs", "/sys", "sysfs", 0);
        foreach (string folder in new[] { "/run", "/var/lib/cni", "/etc/cni" })
        {
            Mount("tmpfs", folder, "tmpfs", 0);
        }

        foreach (string folder in new[] { "/run/netns", "/run/lock", "/etc/cni/net.d" })
        {
            Directory.CreateDirectory(folder);
        }

        Run("ip", "link", "set", "lo", "up");
        return null;
    }

    /// <summary>The network namespace of the calling thread.</summary>
    internal static string Own() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!;

    private static void Mount(string source, string target, string? type, ulong flags)
    {
        if (mount(source, target, type, flags, 0) != 0)
        {
            throw new InvalidOperationException($"mount {target}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

#pragma warning disable SYSLIB1054 // What is generated instead wants unsafe code.
    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int mount(string source, string target, string? type, ulong flags, nint data);
#pragma warning restore SYSLIB1054
}
