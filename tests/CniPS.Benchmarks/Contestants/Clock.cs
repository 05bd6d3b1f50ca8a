using System;
using System.Diagnostics;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Measures in this process.</summary>
internal static class Clock
{
    /// <summary>Does something for each of several, and says how long each took, in microseconds.</summary>
    public static double[] Each<T>(T[] items, Action<T> work) => Array.ConvertAll(items, item =>
    {
        long start = Stopwatch.GetTimestamp();
        work(item);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    });
}
