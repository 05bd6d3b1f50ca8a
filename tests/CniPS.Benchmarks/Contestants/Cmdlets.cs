using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>The cmdlets, in one pwsh that stays (Cmdlets.ps1).</summary>
internal sealed class Cmdlets : IContestant, IDisposable
{
    private readonly Process _pwsh;

    public Cmdlets(string module, Network network, int containers)
    {
        ProcessStartInfo start = PowerShell.Script("Cmdlets.ps1", module, network);
        start.ArgumentList.Add("-Containers");
        start.ArgumentList.Add(containers.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _pwsh = Programs.Start(start);
    }

    public int WarmUps => 6;

    public void Round(Board board)
    {
        try
        {
            _pwsh.StandardInput.WriteLine();
            _pwsh.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended; what it says tells why.
        }

        board[Names.Add(Names.Cmdlets)].Add(ReadTimes());
        board[Names.Delete(Names.Cmdlets)].Add(ReadTimes());
    }

    public void Dispose()
    {
        _pwsh.StandardInput.Dispose();
        _pwsh.WaitForExit();
        _pwsh.Dispose();
    }

    private double[] ReadTimes() => PowerShell.Times(
        _pwsh.StandardOutput.ReadLine() ?? throw new ProgramFailedException("pwsh ended before its time; what it said stands above."));
}
