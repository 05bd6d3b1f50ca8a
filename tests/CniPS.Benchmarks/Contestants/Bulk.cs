using System;
using System.Diagnostics;
using System.Linq;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;
using CniPS.Linux.Machine;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Many containers on one bridge, all at once or one after the other: what each takes of the whole.</summary>
internal sealed class Bulk(string name, Network network, int containers, bool together) : IContestant
{
    /// <summary>How many; a bridge has room for 1,023.</summary>
    public static readonly int[] Sizes = [1, 100, 1_000];

    /// <summary>What takes no more than a second.</summary>
    public const int Quick = 100;

    /// <summary>A round of a thousand takes seconds.</summary>
    public const int MostRounds = 3;

    private readonly NetworkConfigurationList _list = NetworkConfigurationList.ParseAny(network.Text);
    private readonly Attachment[] _attachments = Enumerable.Range(0, containers).Select(i => Container.Attachment(i)).ToArray();
    private readonly RuntimeOptions _options = RuntimeOptions.Default with { CacheFolder = network.Cache };

    public int WarmUps => containers < 1_000 ? 3 : 0; // the smaller ones come first

    public void Round(Board board)
    {
        using LinuxHost host = new();
        board[Names.Add(name)].Add([Mean(host, (runtime, attachment) => runtime.Add(_list, attachment))]);
        board[Names.Check(name)].Add([Mean(host, (runtime, attachment) => runtime.Check(_list, attachment).Dispose())]);
        board[Names.Delete(name)].Add([Mean(host, (runtime, attachment) => runtime.Delete(_list, attachment))]);
    }

    private double Mean(LinuxHost host, Action<CniRuntime, Attachment> operation)
    {
        long start = Stopwatch.GetTimestamp();
        if (together)
        {
            using CniBulk bulk = new(host, _options);
            bulk.Run<bool>([.. _attachments.Select(attachment => new BulkTask<bool>(attachment.ContainerId, runtime =>
            {
                operation(runtime, attachment);
                return true;
            }))], static outcome => _ = outcome.Error is { } error ? throw error : true);
        }
        else
        {
            CniRuntime runtime = new(host, _options);
            Array.ForEach(_attachments, attachment => operation(runtime, attachment));
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / _attachments.Length;
    }
}
