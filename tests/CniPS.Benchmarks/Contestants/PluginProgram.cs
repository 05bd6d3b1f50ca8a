using System.Linq;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>The bridge plugin as a program, ours or Go's, run as libcni runs it.</summary>
internal sealed class PluginProgram(string name, Spawn bridge, Network network, int containers) : IContestant
{
    public int WarmUps => 1;

    public void Round(Board board)
    {
        SpawnedCall[] added = bridge.Run("ADD", [.. Enumerable.Repeat(network.Text, containers)]);
        byte[][] results = [.. Enumerable.Range(0, containers).Select(bridge.Answer)];
        SpawnedCall[] deleted = bridge.Run("DEL", [.. results.Select(network.WithPreviousResult)]);
        board[Names.Add(name)].Add(added.Select(static call => call.Microseconds));
        board[Names.Delete(name)].Add(deleted.Select(static call => call.Microseconds));
        board[Names.Memory(name)].Add(added.Concat(deleted).Select(static call => call.Kilobytes));
    }
}
