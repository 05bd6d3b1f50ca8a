using System;
using System.IO;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Iptables;

/// <summary>
/// The programs iptables-save and iptables-restore (and IPv6's), of whichever variant the machine calls by these names: the one that keeps its
/// rules in nf_tables, or the legacy one.
/// </summary>
internal static class IptablesProgram
{
    internal static string NameOf(bool v6) => v6 ? "ip6tables" : "iptables";

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

    private static ProgramOutcome Run(string operation, NetworkNamespace ns, string name, string[] arguments, ReadOnlyMemory<byte> input) =>
        SystemProgram.Run(SystemProgram.Find(name) ?? throw IptablesException.NotInstalled(operation, name), ns, arguments, input);
}
