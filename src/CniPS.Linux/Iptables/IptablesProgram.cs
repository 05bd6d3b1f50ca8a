using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;

namespace CniPS.Linux.Iptables;

/// <summary>
/// The programs iptables-save and iptables-restore (and IPv6's), of whichever variant the machine calls by these names: the one that keeps its
/// rules in nf_tables, or the legacy one.
/// </summary>
internal static class IptablesProgram
{
    // Where they are, though PATH may not lead there: that of an ordinary user, or of a service, often doesn't.
    private static readonly string[] s_folders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

    // It may have to wait for another one's lock. Beyond this something is wrong.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    internal static string NameOf(bool v6) => v6 ? "ip6tables" : "iptables";

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

    /// <summary>Whether what is called by this name keeps its rules in nf_tables.</summary>
    internal static bool UsesNftables(string path)
    {
        string file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.Name ?? Path.GetFileName(path);
        return file.Contains("nft", StringComparison.Ordinal);
    }

    /// <summary>Prints a table, as it can be restored.</summary>
    internal static ReadOnlyMemory<byte> Save(NetworkNamespace ns, IptablesTable table)
    {
        string operation = $"read {table}";
        ProgramOutcome outcome = Run(operation, ns, table.Program + "-save", ["-t", table.Name], default);
        return outcome.Succeeded ? outcome.Output : throw IptablesException.Failed(operation, outcome);
    }

    /// <summary>Runs iptables-restore over what is there, and leaves the rest as it is.</summary>
    internal static ProgramOutcome Restore(string operation, NetworkNamespace ns, bool v6, ReadOnlyMemory<byte> input) =>
        Run(operation, ns, NameOf(v6) + "-restore", ["--noflush", "--wait"], input);

    private static ProgramOutcome Run(string operation, NetworkNamespace ns, string name, string[] arguments, ReadOnlyMemory<byte> input)
    {
        ProgramCommand command = new(Find(name) ?? throw IptablesException.NotInstalled(operation, name))
        {
            Arguments = arguments,
            Environment = [new("PATH", string.Join(':', s_folders)), new("LC_ALL", "C")],
            Input = input,
            Timeout = s_patience,
        };
        return ProgramRunner.Run(command, ns, CancellationToken.None);
    }
}
