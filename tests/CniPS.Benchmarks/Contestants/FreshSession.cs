using System.Diagnostics;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>A pwsh that is started for one ADD (FirstAdd.ps1).</summary>
internal sealed class FreshSession(string module, Network network) : IContestant
{
    public int WarmUps => 1;

    public void Round(Board board)
    {
        ProcessStartInfo start = PowerShell.Script("FirstAdd.ps1", module, network);
        double[] times = PowerShell.Times(Programs.Run(start.FileName, start.ArgumentList));
        board[Names.Import].Add([times[0]]);
        board[Names.FirstAdd].Add([times[1]]);
    }
}
