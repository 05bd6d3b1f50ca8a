using System;
using System.IO;
using System.Linq;

namespace CniPS.Benchmarks.Figures;

/// <summary>What it was measured on.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Processors">How many there are.</param>
/// <param name="Kernel">The kernel's version.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="Load">The load averages over 1, 5 and 15 minutes.</param>
internal sealed record Machine(string Processor, int Processors, string Kernel, string Runtime, string Load)
{
    public static Machine Look() => new(
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line.Split(": ")[^1]
            : "unknown processor",
        Environment.ProcessorCount,
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Environment.Version.ToString(),
        string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]));
}
