using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CniPS.Benchmarks.Figures;

/// <summary>The figures, to be kept: times in microseconds, memory in kB, targets in the unit they name.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(Report report, string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            report.Date,
            report.Machine,
            report.LoadAfter,
            report.Containers,
            report.Rounds,
            Targets = Target.All.Select(target => new
            {
                target.Title,
                Unit = target.Over is null ? "ms" : "ratio",
                AtMost = target.Limit,
                Reached = target.Reached(report.Board),
                Ok = target.Reached(report.Board) <= target.Limit,
            }),
            Figures = report.Board.All.Select(static pair => new { Name = pair.Key, pair.Value.Median, pair.Value.P95, pair.Value.Rounds }),
            report.Board.Notes,
        },
        s_options));
}
