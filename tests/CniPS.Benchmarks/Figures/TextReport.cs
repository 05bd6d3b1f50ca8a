using System;
using System.Globalization;
using System.IO;
using System.Linq;
using CniPS.Benchmarks.Contestants;

namespace CniPS.Benchmarks.Figures;

/// <summary>The figures, to be read.</summary>
internal static class TextReport
{
    private static readonly string[] s_contestants =
    [
        Names.Floor,
        Names.Engine, Names.Masquerading(Names.Engine),
        Names.Cmdlets,
        Names.Executable, Names.Go,
        Names.Masquerading(Names.Executable), Names.Masquerading(Names.Go),
        Names.On(Names.Engine, Names.PointToPoint), Names.On(Names.Go, Names.PointToPoint),
        .. Chains.Ports.Select(ports => Names.On(Names.Engine, Names.Ports(ports))),
        Names.On(Names.Engine, Names.Podman), Names.On(Names.Go, Names.Podman),
        .. Bulk.Sizes.SelectMany(size => (string[])[Names.Of(Names.Floor, size), Names.OneByOne(Names.Engine, size), Names.Of(Names.Engine, size), Names.Of(Names.Cmdlets, size)]),
        .. Bulk.Sizes.SelectMany(size => (string[])[Names.Namespaces(Names.Floor, size), Names.Namespaces(Names.Engine, size), Names.Namespaces(Names.Cmdlets, size)]),
    ];

    public static void Print(Report report, TextWriter to)
    {
        Machine machine = report.Machine;
        to.WriteLine($"{report.Date:yyyy-MM-dd HH:mm}, {report.Containers} containers, {report.Rounds} rounds");
        to.WriteLine($"{machine.Processors} x {machine.Processor}, Linux {machine.Kernel}, .NET {machine.Runtime}");
        to.WriteLine($"load before {machine.Load}, after {report.LoadAfter}");
        PrintContestants(report.Board, to);
        PrintStore(report.Board, to);
        PrintCrowds(report.Board, to);
        PrintTargets(report.Board, to);
        foreach (string note in report.Board.Notes)
        {
            to.WriteLine(note);
        }
    }

    private static void PrintContestants(Board board, TextWriter to)
    {
        string[] contestants = Array.FindAll(s_contestants, contestant => board.Find(Names.Add(contestant)) is not null);
        if (contestants.Length == 0)
        {
            return;
        }

        to.WriteLine();
        to.WriteLine($"{"median (95 %)",-36}{"ADD, ms",18}{"DEL, ms",18}{"peak, MiB",12}");
        foreach (string contestant in contestants)
        {
            string add = Time(board[Names.Add(contestant)]), delete = Time(board[Names.Delete(contestant)]);
            string memory = board.Find(Names.Memory(contestant)) is { } peak ? Number(peak.Median / 1024, 1) : "";
            to.WriteLine($"{contestant,-36}{add,18}{delete,18}{memory,12}".TrimEnd());
        }
    }

    private static void PrintStore(Board board, TextWriter to)
    {
        string[] contestants = Array.FindAll(
            [Names.Engine, Names.Executable, Names.Go], contestant => board.Find(Names.Store(contestant, 1)) is not null);
        if (contestants.Length == 0)
        {
            return;
        }

        to.WriteLine();
        string held = string.Concat(Programme.Held.Select(static count => string.Create(CultureInfo.InvariantCulture, $"{count,12:N0}")));
        to.WriteLine($"{"ADD + DEL of host-local, ms",-32}{held}   addresses held");
        foreach (string contestant in contestants)
        {
            string times = string.Concat(Programme.Held.Select(
                count => $"{(board.Find(Names.Store(contestant, count)) is { } cost ? Number(cost.Median / 1000, 3) : ""),12}"));
            to.WriteLine($"{contestant,-32}{times}".TrimEnd());
        }
    }

    private static void PrintCrowds(Board board, TextWriter to)
    {
        to.WriteLine();
        foreach (string name in (string[])[Names.Taps(1), Names.Taps(Crowd.Size), Names.Pairs(1), Names.Pairs(Crowd.Size)])
        {
            if (board.Find(name) is { } series)
            {
                to.WriteLine($"{name,-52}{Time(series)} ms");
            }
        }
    }

    private static void PrintTargets(Board board, TextWriter to)
    {
        to.WriteLine();
        to.WriteLine($"{"",-80}{"at most",10}{"reached",12}");
        foreach (Target target in Target.All)
        {
            if (target.Reached(board) is { } reached)
            {
                string unit = target.Over is null ? "ms" : "x";
                string verdict = reached <= target.Limit ? "ok" : "no";
                to.WriteLine($"{target.Title,-80}{Number(target.Limit, 2),7} {unit,-2}{Number(reached, 2),9} {unit,-2}  {verdict}");
            }
        }
    }

    private static string Time(Series series) => $"{Number(series.Median / 1000, 3)} ({Number(series.P95 / 1000, 2)})";

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
