using System;
using System.Collections.Generic;
using CniPS.Benchmarks.Contestants;

namespace CniPS.Benchmarks.Figures;

/// <summary>What is to be reached.</summary>
/// <param name="Title">What it is, in words.</param>
/// <param name="Figure">The series that is judged.</param>
/// <param name="Over">The series it is divided by; null: it is judged in milliseconds.</param>
/// <param name="Limit">The most that is allowed.</param>
internal sealed record Target(string Title, string Figure, string? Over, double Limit)
{
    public static IReadOnlyList<Target> All { get; } =
    [
        Ratio(Names.Add, Names.Engine, Names.Floor, 1.2),
        Ratio(Names.Delete, Names.Engine, Names.Floor, 0.08),
        Ratio(Names.Add, Names.Masquerading(Names.Engine), Names.Floor, 1.2),
        Ratio(Names.Delete, Names.Masquerading(Names.Engine), Names.Floor, 0.08),
        Ratio(Names.Add, Names.Cmdlets, Names.Floor, 1.5),
        Ratio(Names.Delete, Names.Cmdlets, Names.Floor, 0.1),
        Ratio(Names.Add, Names.Executable, Names.Go, 0.33),
        Ratio(Names.Delete, Names.Executable, Names.Go, 1.1),
        Ratio(Names.Add, Names.Masquerading(Names.Executable), Names.Masquerading(Names.Go), 0.12),
        Ratio(Names.Delete, Names.Masquerading(Names.Executable), Names.Masquerading(Names.Go), 0.5),
        Ratio(Names.Memory, Names.Executable, Names.Go, 1),
        new(Names.Import, Names.Import, null, 50),
        new(Names.FirstAdd, Names.FirstAdd, null, 20),
        Flat(Names.Engine),
        Flat(Names.Executable),
        .. Together(Bulk.Quick),
        .. Together(Bulk.Sizes[^1]),
        OnPodman(Names.Add, 0.1),
        OnPodman(Names.Delete, 0.25),
        // Of pairs there is no such target: with each one on the host the kernel itself takes longer for the next, in its routing tables.
        new("engine in-process, tap: ADD number 5,000 / number 1", Names.Taps(Crowd.Size), Names.Taps(1), 1.3),
    ];

    /// <summary>What was reached; null where it was not measured.</summary>
    public double? Reached(Board board) =>
        board.Find(Figure) is not { } figure ? null
        : Over is null ? figure.Median / 1000
        : board.Find(Over) is { } other ? figure.Median / other.Median : null;

    private static Target Ratio(Func<string, string> what, string contestant, string over, double limit) =>
        new($"{what(contestant)} / {over}", what(contestant), what(over), limit);

    private static IEnumerable<Target> Together(int size) =>
    [
        Together(Names.Add, Names.Engine, size, 1.2),
        Together(Names.Delete, Names.Engine, size, 1.2),
        new($"{Names.Delete(Names.Of(Names.Engine, size))}, each", Names.Delete(Names.Of(Names.Engine, size)), null, 1),
        new($"{Names.Check(Names.Of(Names.Engine, size))}, each", Names.Check(Names.Of(Names.Engine, size)), null, 0.3),
        Together(Names.Add, Names.Cmdlets, size, 1.5),
        Together(Names.Delete, Names.Cmdlets, size, 1.5),
        Namespaces(Names.Add, Names.Engine, size),
        Namespaces(Names.Delete, Names.Engine, size),
        Namespaces(Names.Add, Names.Cmdlets, size),
        Namespaces(Names.Delete, Names.Cmdlets, size),
    ];

    private static Target Together(Func<string, string> what, string contestant, int size, double limit) =>
        Ratio(what, Names.Of(contestant, size), Names.Of(Names.Floor, size), limit);

    private static Target Namespaces(Func<string, string> what, string contestant, int size) =>
        Ratio(what, Names.Namespaces(contestant, size), Names.Namespaces(Names.Floor, size), 1.3);

    private static Target OnPodman(Func<string, string> what, double limit) =>
        Ratio(what, Names.On(Names.Engine, Names.Podman), Names.On(Names.Go, Names.Podman), limit);

    // Flat: 1, and what noise makes of it.
    private static Target Flat(string contestant) =>
        new($"{contestant}: addresses, 10,000 held / 1 held", Names.Store(contestant, 10_000), Names.Store(contestant, 1), 1.3);
}
