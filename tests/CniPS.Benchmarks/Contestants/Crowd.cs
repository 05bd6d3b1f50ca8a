using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;
using CniPS.Linux.Machine;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Benchmarks.Contestants;

/// <summary>Thousands of containers on one network, by the engine in this process: the first ones beside the last ones.</summary>
/// <param name="network">The network.</param>
/// <param name="name">The name of a figure: how many containers there are by then.</param>
internal sealed class Crowd(Network network, Func<int, string> name) : IContestant
{
    /// <summary>How many there are in the end.</summary>
    public const int Size = 5_000;

    /// <summary>How many at either end are looked at.</summary>
    public const int Sample = 50;

    private readonly NetworkConfigurationList _list = NetworkConfigurationList.ParseAny(network.Text);
    private readonly Attachment[] _attachments = Enumerable.Range(0, Size).Select(i => Container.Attachment(i)).ToArray();
    private readonly RuntimeOptions _options = RuntimeOptions.Default with { CacheFolder = network.Cache };

    public int WarmUps => 0;

    public void Round(Board board)
    {
        using LinuxHost host = new();
        CniRuntime runtime = new(host, _options);
        Attachment[] early = _attachments[..Sample];
        for (int i = 0; i < 6; i++)
        {
            Add(early); // warms up
            Delete(early);
        }

        board[name(1)].Add(Add(early));
        Add(_attachments[Sample..^Sample]);
        board[name(Size)].Add(Add(_attachments[^Sample..]));
        Delete(_attachments);

        double[] Add(Attachment[] some) => Clock.Each(some, attachment => runtime.Add(_list, attachment));
        void Delete(IEnumerable<Attachment> some)
        {
            foreach (Attachment attachment in some)
            {
                runtime.Delete(_list, attachment);
            }
        }
    }
}
