using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Benchmarks.Contestants;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;
using CniPS.Runtime;

namespace CniPS.Benchmarks;

/// <summary>Other networks than the plain bridge: ptp, mapped ports, podman's list, and a crowd; in this process, beside the Go programs as libcni runs them.</summary>
internal sealed class Chains(Options options, Board board)
{
    /// <summary>How many ports of the host lead to each container.</summary>
    public static readonly int[] Ports = [1, 10, 100];

    private static readonly RuntimeOptions s_programs = RuntimeOptions.Libcni with
    {
        PluginSource = PluginSource.Path,
        PluginPath = [Folders.GoPrograms],
    };

    public void Run()
    {
        if (options.Wants("ptp"))
        {
            Race.Run("ptp", Both(Names.PointToPoint, title => Network.PointToPoint(title), "ptp"), options.Rounds, board);
        }

        if (options.Wants("portmap"))
        {
            List<IContestant> contestants = [];
            foreach (int ports in Ports)
            {
                contestants.Add(Native(Names.Engine, Names.Ports(ports), title => Network.WithPorts(title, ports)));
            }

            Race.Run("portmap", contestants, options.Rounds, board);
        }

        if (options.Wants("podman"))
        {
            Race.Run("podman's list", Both(Names.Podman, Network.Podman, "portmap"), options.Rounds, board);
        }

        if (options.Wants("crowd"))
        {
            Container.Create(Crowd.Size, from: options.Containers);
            Crowd[] crowds =
            [
                new(Network.Tap("crowd of taps"), Names.Taps),
                new(Network.PointToPoint("crowd of pairs", masquerade: true), Names.Pairs),
            ];
            Race.Run("crowd", crowds, 1, board);
        }
    }

    private List<IContestant> Both(string list, Func<string, Network> network, string plugin)
    {
        List<IContestant> contestants = [Native(Names.Engine, list, network)];
        if (File.Exists(Path.Combine(Folders.GoPrograms, plugin)))
        {
            string title = Names.On(Names.Go, list);
            contestants.Add(new Engine(title, network(title), Math.Max(1, options.Containers / options.Rounds), s_programs));
        }
        else
        {
            board.Note($"No {plugin} in {Folders.GoPrograms} (containernetworking-plugins): nothing to compare with.");
        }

        return contestants;
    }

    private Engine Native(string contestant, string list, Func<string, Network> network)
    {
        string title = Names.On(contestant, list);
        return new Engine(title, network(title), options.Containers);
    }
}
