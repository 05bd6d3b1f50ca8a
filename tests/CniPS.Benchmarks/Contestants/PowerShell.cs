using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>How the scripts are started, and what they print.</summary>
internal static class PowerShell
{
    public static ProcessStartInfo Script(string script, string module, Network network) => new(
        Workshop.PowerShell,
        [
            "-NoLogo", "-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, script),
            "-Module", module, "-Network", network.Save(), "-Cache", network.Cache,
        ]);

    /// <summary>Reads a line of nanoseconds as microseconds.</summary>
    public static double[] Times(string line) =>
        Array.ConvertAll(line.Trim().Split(' '), static number => double.Parse(number, CultureInfo.InvariantCulture) / 1000);
}
