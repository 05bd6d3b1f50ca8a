using System.Linq;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;

namespace CniPS.Benchmarks.Contestants;

/// <summary>host-local alone, as a program: taking an address and giving it back, while others hold theirs.</summary>
internal sealed class ProgramStore(string name, Spawn hostLocal, int held) : IContestant
{
    private const int Samples = 6;
    private readonly Network _network = HeldAddresses.Network(name, held);

    public int WarmUps => 1;

    public void Round(Board board) =>
        board[Names.Store(name, held)].Add(Enumerable.Range(0, Samples).Select(_ => Call("ADD") + Call("DEL")).ToArray());

    private double Call(string command) => hostLocal.Run(command, _network.Text)[0].Microseconds;
}
