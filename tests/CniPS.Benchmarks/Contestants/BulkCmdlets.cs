using System.Globalization;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Many containers through one pipeline of a pwsh of its own (BulkCmdlets.ps1): what each takes of the whole.</summary>
internal sealed class BulkCmdlets(string module, Network network, int containers) : IContestant
{
    public int WarmUps => 0; // the script's own

    public void Round(Board board)
    {
        System.Diagnostics.ProcessStartInfo start = PowerShell.Script("BulkCmdlets.ps1", module, network);
        double[] times = PowerShell.Times(Programs.Run(
            start.FileName, [.. start.ArgumentList, "-Containers", containers.ToString(CultureInfo.InvariantCulture)]));
        string name = Names.Of(Names.Cmdlets, containers), namespaces = Names.Namespaces(Names.Cmdlets, containers);
        board[Names.Add(name)].Add([times[0]]);
        board[Names.Delete(name)].Add([times[1]]);
        board[Names.Add(namespaces)].Add([times[2]]);
        board[Names.Delete(namespaces)].Add([times[3]]);
        Fence.Wait();
    }
}
