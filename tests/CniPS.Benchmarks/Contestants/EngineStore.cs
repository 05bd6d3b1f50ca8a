using System.Linq;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Benchmarks.Contestants;

/// <summary>host-local alone, in this process: taking an address and giving it back, while others hold theirs.</summary>
internal sealed class EngineStore(int held) : IContestant
{
    private const int Samples = 40;
    private readonly Network _network = HeldAddresses.Network(Names.Engine, held);

    public int WarmUps => 4;

    public void Round(Board board)
    {
        using LinuxHost host = new();
        PluginInvoker invoker = new(host, RuntimeOptions.Default);
        board[Names.Store(Names.Engine, held)].Add(Clock.Each(Enumerable.Range(0, Samples).ToArray(), _ =>
        {
            Call(CniVerb.Add, host, invoker);
            Call(CniVerb.Delete, host, invoker);
        }));
    }

    private void Call(CniVerb verb, LinuxHost host, PluginInvoker invoker)
    {
        Attachment attachment = Container.Attachment(0);
        PluginRequest request = new()
        {
            Verb = verb,
            ContainerId = attachment.ContainerId,
            NetNS = attachment.NetNS,
            InterfaceName = attachment.InterfaceName,
            Config = _network.Text,
        };
        using PluginContext context = new() { Host = host, Transaction = new Transaction(host), Plugins = invoker };
        invoker.Invoke("host-local", request, context);
    }
}
