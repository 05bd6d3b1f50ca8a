using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;
using CniPS.Linux;
using CniPS.Linux.Namespaces;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Named namespaces, as many at once as the module makes and removes: what each takes of the whole.</summary>
internal sealed class ManyNamespaces(int count) : IContestant
{
    private const int AtOnce = 128;

    private readonly string[] _names = [.. Enumerable.Range(0, count).Select(i => $"many{i}")];

    public int WarmUps => 1;

    public void Round(Board board)
    {
        string name = Names.Namespaces(Names.Engine, count);
        board[Names.Add(name)].Add([Mean(NamespaceBatch.Create)]);
        board[Names.Delete(name)].Add([Mean(NamespaceBatch.Remove)]);
        Fence.Wait();
    }

    private double Mean(Func<IReadOnlyList<string>, IReadOnlyList<LinuxException?>> operation)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (string[] names in _names.Chunk(AtOnce))
        {
            foreach (LinuxException? failure in operation(names))
            {
                _ = failure is null ? true : throw failure;
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }
}
