using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using CniPS.Linux;
using CniPS.Linux.Namespaces;
using CniPS.Tool.Interop;

namespace CniPS.Tool.Demo;

/// <summary>Starts the demo again where it can harm nobody: in network and mount namespaces of its own.</summary>
internal static class PrivateNamespaces
{
    private const string OutsideVariable = "CNIPS_DEMO_OUTSIDE";

    /// <summary>Whether this is the second start: the network namespace of the first is noted, and this is another.</summary>
    internal static bool IsInside =>
        Environment.GetEnvironmentVariable(OutsideVariable) is { Length: > 0 } outside
        && outside != NetworkNamespace.CurrentId().ToString();

    /// <summary>Becomes unshare, which becomes this program again.</summary>
    /// <returns>Only where that fails, and then by an exception.</returns>
    /// <exception cref="IOException">It can't be done here.</exception>
    internal static int StartAgain()
    {
        bool root = LibC.geteuid() == 0;
        if (!root && Obstacle() is { } obstacle)
        {
            throw new IOException($"the kernel lets only root make namespaces here ({obstacle}): run cnips demo as root");
        }

        // libc's environment, not .NET's copy of it: exec passes that on.
        LibC.setenv(OutsideVariable, NetworkNamespace.CurrentId().ToString(), 1);
        string?[] command = ["unshare", root ? "-nm" : "-Urnm", "--propagation", "private", .. Self(), "demo", null];
        LibC.execvp("unshare", command);
        throw new IOException($"unshare can't be run ({LinuxException.Describe(Marshal.GetLastPInvokeError())}); it comes with util-linux");
    }

    private static IEnumerable<string> Self()
    {
        string executable = Environment.ProcessPath!;
        yield return executable;
        if (Path.GetFileNameWithoutExtension(executable) == "dotnet")
        {
            yield return Environment.GetCommandLineArgs()[0]; // started as: dotnet cnips-cli.dll
        }
    }

    private static string? Obstacle()
    {
        foreach ((string file, string closed) in (ReadOnlySpan<(string, string)>)
            [
                ("/proc/sys/user/max_user_namespaces", "0"),
                ("/proc/sys/kernel/unprivileged_userns_clone", "0"),
                ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
            ])
        {
            if (File.Exists(file) && File.ReadAllText(file).Trim() == closed)
            {
                return $"{file} is {closed}";
            }
        }

        return null;
    }
}
