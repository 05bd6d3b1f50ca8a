using System;
using System.Collections.Generic;
using CniPS.Benchmarks.Figures;

namespace CniPS.Benchmarks;

/// <summary>Contestants take turns, round by round, so that whatever else the machine does hits all of them.</summary>
internal static class Race
{
    public static void Run(string title, IReadOnlyList<IContestant> contestants, int rounds, Board board)
    {
        Board forgotten = new();
        foreach (IContestant contestant in contestants)
        {
            for (int i = 0; i < contestant.WarmUps; i++)
            {
                contestant.Round(forgotten);
            }
        }

        for (int i = 1; i <= rounds; i++)
        {
            Console.Error.WriteLine($"{title}, round {i} of {rounds}");
            foreach (IContestant contestant in contestants)
            {
                contestant.Round(board);
            }
        }
    }
}
