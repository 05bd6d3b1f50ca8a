using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace CniPS.Benchmarks.Figures;

/// <summary>What became slower than in an earlier run, whose figures were kept (--json).</summary>
internal static class Comparison
{
    /// <summary>Two runs of the same differ by as much.</summary>
    private const double Noise = 1.15;

    /// <summary>Prints it. Where both runs have the kernel's floor it is what a figure is measured by: the machine itself may have been slower.</summary>
    public static void Print(Report report, string path, TextWriter to)
    {
        using JsonDocument earlier = JsonDocument.Parse(File.ReadAllBytes(path));
        var figures = earlier.RootElement.GetProperty("figures").EnumerateArray()
            .ToDictionary(static figure => figure.GetProperty("name").GetString()!, static figure => figure.GetProperty("median").GetDouble());
        to.WriteLine();
        to.WriteLine($"compared with {path}, of {earlier.RootElement.GetProperty("date").GetDateTimeOffset():yyyy-MM-dd HH:mm}:");
        int compared = 0, slower = 0;
        foreach ((string name, Series series) in report.Board.All.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if (!figures.TryGetValue(name, out double before) || before <= 0)
            {
                continue;
            }

            if (name.StartsWith(Names.Floor, StringComparison.Ordinal))
            {
                continue; // it is what others are measured by
            }

            compared++;
            double machine = Machine(name, report.Board, figures);
            double ratio = series.Median / before / machine;
            if (ratio > Noise)
            {
                slower++;
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-68}{ratio,8:F2} x as slow"));
            }
        }

        to.WriteLine($"{compared} figures compared, {slower} slower by more than {Noise - 1:P0}");
    }

    // How much slower the machine is than it was, by the floor that the figure belongs to.
    private static double Machine(string name, Board board, IReadOnlyDictionary<string, double> figures)
    {
        int comma = name.IndexOf(',', StringComparison.Ordinal);
        string operation = name[(name.LastIndexOf(": ", StringComparison.Ordinal) + 2)..];
        string own = comma < 0 ? "" : Names.Floor + name[comma..].Replace(" one by one", " together", StringComparison.Ordinal);
        string[] floors = [own, $"{Names.Floor}: {operation}"];
        string? floor = Array.Find(floors, candidate => board.Find(candidate) is not null && figures.GetValueOrDefault(candidate) > 0);
        return floor is null ? 1 : board[floor].Median / figures[floor];
    }
}
