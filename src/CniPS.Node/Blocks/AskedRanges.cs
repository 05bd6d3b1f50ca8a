using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;
using CniPS.Spec;

namespace CniPS.Node.Blocks;

/// <summary>
/// Which ranges a network's plugin has asked for blocks of: the questions, a line each in a file a network. With them the next block can be claimed ahead, also
/// after a restart.
/// </summary>
internal sealed class AskedRanges(IHost host, string stateFolder)
{
    private readonly Dictionary<string, IReadOnlyList<ClusterQuestion>> _known = [];

    private string Folder => Path.Combine(stateFolder, "asked");

    /// <summary>What was asked for a network, one question for each of its range sets.</summary>
    /// <exception cref="CniException">The file is none of these.</exception>
    internal IReadOnlyList<ClusterQuestion> Of(string network)
    {
        if (!_known.TryGetValue(network, out IReadOnlyList<ClusterQuestion>? questions))
        {
            questions = Read(network);
            _known[network] = questions;
        }

        return questions;
    }

    /// <summary>Notes a question. Range sets of a network don't overlap, so that one which does was there before the network was changed.</summary>
    internal void Note(ClusterQuestion question)
    {
        ClusterQuestion noted = new()
        {
            Command = question.Command, Network = question.Network, DataFolder = question.DataFolder, BlockSize = question.BlockSize, Ranges = question.Ranges,
        };
        List<ClusterQuestion> questions = [];
        foreach (ClusterQuestion other in Of(question.Network))
        {
            if (IsSame(other, noted))
            {
                return;
            }

            if (!Overlap(other.Ranges, noted.Ranges))
            {
                questions.Add(other);
            }
        }

        questions.Add(noted);
        _known[question.Network] = questions;
        List<byte> content = [];
        foreach (ClusterQuestion one in questions)
        {
            content.AddRange([.. one.ToLine().Span, (byte)'\n']);
        }

        host.Apply([new FolderCreate(Folder, 0x1c0), new FileWrite(PathOf(question.Network), content.ToArray(), 0x180)]); // 0700, 0600
    }

    private string PathOf(string network) => Path.Combine(Folder, network + ".json");

    private List<ClusterQuestion> Read(string network)
    {
        List<ClusterQuestion> questions = [];
        if (host.ReadFile(PathOf(network), own: true) is { } content)
        {
            foreach (Range line in content.AsSpan().Split((byte)'\n'))
            {
                if (content.AsMemory(line) is { IsEmpty: false } question)
                {
                    questions.Add(ClusterQuestion.Parse(question));
                }
            }
        }

        return questions;
    }

    private static bool IsSame(ClusterQuestion a, ClusterQuestion b) => a.ToLine().Span.SequenceEqual(b.ToLine().Span);

    private static bool Overlap(IReadOnlyList<(IPAddress First, IPAddress Last)> some, IReadOnlyList<(IPAddress First, IPAddress Last)> others)
    {
        foreach ((IPAddress first, IPAddress last) in some)
        {
            foreach ((IPAddress from, IPAddress to) in others)
            {
                if (first.AddressFamily == from.AddressFamily && IpNumber.Of(first) <= IpNumber.Of(to) && IpNumber.Of(from) <= IpNumber.Of(last))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
