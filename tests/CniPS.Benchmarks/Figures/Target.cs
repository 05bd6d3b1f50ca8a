using System.Collections.Generic;

namespace CniPS.Benchmarks.Figures;

/// <summary>What is to be reached: a figure at most so many times another, or in milliseconds where there is no other.</summary>
internal sealed record Target(string Figure, string? Over, double Limit)
{
    public static IReadOnlyList<Target> All { get; } =
    [
        Of(Names.Add, Names.Engine, Names.Floor, 1.5),
        Of(Names.Delete, Names.Engine, Names.Floor, 0.1),
        Of(Names.Add, Names.Masquerading(Names.Engine), Names.Floor, 1.6),
        Of(Names.Delete, Names.Masquerading(Names.Engine), Names.Floor, 0.1),
        Of(Names.Add, Names.Cmdlets, Names.Floor, 2),
        Of(Names.Delete, Names.Cmdlets, Names.Floor, 0.1),
        Of(Names.Add, Names.Executable, Names.Go, 0.6),
        Of(Names.Delete, Names.Executable, Names.Go, 1.1),
        Of(Names.Add, Names.Masquerading(Names.Executable), Names.Masquerading(Names.Go), 0.3),
        Of(Names.Delete, Names.Masquerading(Names.Executable), Names.Masquerading(Names.Go), 0.5),
        Of(Names.Memory, Names.Executable, Names.Go, 1.05),
        new(Names.Import, null, 60),
        new(Names.FirstAdd, null, 30),
        Flat(Names.Engine),
        Flat(Names.Executable),
    ];

    /// <summary>What was reached; null where it was not measured.</summary>
    public double? Reached(Board board) =>
        board.Find(Figure) is not { } figure ? null
        : Over is null ? figure.Median / 1000
        : board.Find(Over) is { } other ? figure.Median / other.Median : null;

    private static Target Of(System.Func<string, string> what, string contestant, string over, double limit) =>
        new(what(contestant), what(over), limit);

    // Flat: what noise makes of 1.
    private static Target Flat(string contestant) => new(Names.Store(contestant, 10_000), Names.Store(contestant, 1), 1.3);
}
