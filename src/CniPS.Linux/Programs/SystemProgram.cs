using System;
using System.IO;
using System.Threading;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Programs;

/// <summary>Programs that administer the machine (iptables, nft): where they are, and how they are run.</summary>
internal static class SystemProgram
{
    // Where they are, though PATH may not lead there: that of an ordinary user, or of a service, often doesn't.
    private static readonly string[] s_folders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

    // One may have to wait for another one's lock. Beyond this something is wrong.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>A program's path, or null where it is not installed.</summary>
    internal static string? Find(string name)
    {
        foreach (string folder in (string[])[.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), .. s_folders])
        {
            string path = Path.Combine(folder, name);
            if (folder.StartsWith('/') && ProgramFile.IsRegular(path) && ProgramFile.IsExecutable(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Runs one in a namespace, with English words.</summary>
    internal static ProgramOutcome Run(string path, NetworkNamespace ns, string[] arguments, ReadOnlyMemory<byte> input)
    {
        ProgramCommand command = new(path)
        {
            Arguments = arguments,
            Environment = [new("PATH", string.Join(':', s_folders)), new("LC_ALL", "C")],
            Input = input,
            Timeout = s_patience,
        };
        return ProgramRunner.Run(command, ns, CancellationToken.None);
    }
}
