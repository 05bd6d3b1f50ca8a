using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using CniPS.Benchmarks.Figures;

namespace CniPS.Benchmarks;

/// <summary>Contestants take turns, round by round, so that whatever else the machine does hits all of them.</summary>
internal static class Race
{
    // The just-in-time compiler makes its better code when it has not had to make any for 100 ms.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    // What one leaves for the kernel to do in the background must not burden the next.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(250);

    // A processor that was idle takes a while to come up to speed. The kernel's floor, which first makes its namespaces, would be past that when
    // its clock starts; the others would not.
    private static readonly TimeSpan s_runUp = TimeSpan.FromMilliseconds(200);

    public static void Run(string title, IReadOnlyList<IContestant> contestants, int rounds, Board board)
    {
        WarmUp(contestants);
        for (int i = 1; i <= rounds; i++)
        {
            Console.Error.WriteLine($"{title}, round {i} of {rounds}");
            foreach (IContestant contestant in contestants)
            {
                RunUp();
                contestant.Round(board);
                Thread.Sleep(s_rest);
            }
        }
    }

    private static void RunUp()
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_runUp)
        {
        }
    }

    private static void WarmUp(IReadOnlyList<IContestant> contestants)
    {
        Board forgotten = new();
        foreach (IContestant contestant in contestants)
        {
            for (int i = 0; i < contestant.WarmUps; i++)
            {
                contestant.Round(forgotten);
                Thread.Sleep(s_pause);
            }
        }
    }
}
