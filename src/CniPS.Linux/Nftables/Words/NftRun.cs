using System.Text;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;

namespace CniPS.Linux.Nftables;

/// <summary>A run of the program nft.</summary>
internal static class NftRun
{
    /// <summary>Asks nft whether it would take a rule. Nothing is made: the kernel is asked too, but the transaction is not ended.</summary>
    /// <exception cref="NftProgramException">It would not, or is missing.</exception>
    internal static void Check(NetworkNamespace ns, NftTable table, NftRuleBody rule)
    {
        const string Chain = "cnips-check";
        string operation = $"read \"{rule}\"";
        ProgramOutcome outcome = Run(
            operation, rule.ToString(), ns, $"add table {table}\nadd chain {table} {Chain}\nadd rule {table} {Chain} {rule}\n", "-c");
        if (!outcome.Succeeded)
        {
            throw NftProgramException.Failed(operation, outcome);
        }
    }

    /// <summary>Runs nft on what it is to read.</summary>
    /// <exception cref="NftProgramException">It is missing.</exception>
    internal static ProgramOutcome Run(string operation, string words, NetworkNamespace ns, string script, params string[] options) => SystemProgram.Run(
        SystemProgram.Find("nft") ?? throw NftProgramException.NotInstalled(operation, words), ns, [.. options, "-f", "-"], Encoding.UTF8.GetBytes(script));
}
