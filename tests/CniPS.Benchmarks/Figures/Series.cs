using System;
using System.Collections.Generic;
using System.Linq;

namespace CniPS.Benchmarks.Figures;

/// <summary>What was seen of one thing, round by round: times in microseconds, memory in kB.</summary>
internal sealed class Series
{
    private readonly List<Round> _rounds = [];

    public IReadOnlyList<Round> Rounds => _rounds;

    /// <summary>The median of the rounds' medians: a round that something disturbed does not count for more than one.</summary>
    public double Median => MedianOf(_rounds.Select(static round => round.Median));

    /// <summary>The median of the rounds' 95th percentiles.</summary>
    public double P95 => MedianOf(_rounds.Select(static round => round.P95));

    public void Add(Round round) => _rounds.Add(round);

    public void Add(IEnumerable<double> samples)
    {
        double[] sorted = Sorted(samples);
        Add(new Round(At(sorted, 50), At(sorted, 95)));
    }

    private static double MedianOf(IEnumerable<double> values) => At(Sorted(values), 50);

    private static double[] Sorted(IEnumerable<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    // As floor.c counts.
    private static double At(double[] sorted, int percent) => sorted[sorted.Length * percent / 100];
}

/// <summary>One round's figures.</summary>
internal readonly record struct Round(double Median, double P95);
