using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux;
using CniPS.Plugin.Interop;

namespace CniPS.Plugin;

/// <summary>
/// The executable that has the commands for persons. It lies beside this one, which becomes it: were they in one file, every call of a plugin would
/// pay for commands that it doesn't run.
/// </summary>
internal static class Companion
{
    /// <summary>Its file's name.</summary>
    internal const string Name = "cnips-cli";

    // As shells say it (POSIX, XCU 2.8.2): there is no such program; there is, and it can't be run.
    private const int Missing = 127, NotRun = 126;

    /// <summary>Becomes it, under the same name, with the same arguments and environment.</summary>
    /// <returns>The exit code, where that can't be done.</returns>
    internal static int Become(params ReadOnlySpan<string> arguments)
    {
        // The file itself, whatever link it was started by; its folder is where the other is.
        string? own = Environment.ProcessPath;
        string companion = Path.Join(Path.GetDirectoryName(own), Name);
        bool isThis = own is null || LibC.RealPath(companion) == own; // which would become itself for ever
        int errno = LibC.ENOENT;
        if (!isThis)
        {
            LibC.execv(companion, [Environment.GetCommandLineArgs()[0], .. arguments, null]);
            errno = Marshal.GetLastPInvokeError();
        }

        string what = isThis ? $"{companion} is not the executable {Name}, but this one"
            : errno == LibC.ENOENT ? $"the commands are in the executable {Name}, which is not beside {own}"
            : $"{companion} can't be run: {LinuxException.Describe(errno)}";
        Write($"cnips: {what}\n");
        Write($"  It is where cnips was built or unpacked. Run it there, or put it here: cnips install --commands {Path.GetDirectoryName(own)}\n");
        return errno == LibC.ENOENT ? Missing : NotRun;
    }

    private static void Write(string text) => StandardStreams.Write(StandardStreams.Error, Encoding.UTF8.GetBytes(text));
}
