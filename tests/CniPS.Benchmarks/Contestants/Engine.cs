using System.Linq;
using CniPS.Benchmarks.Figures;
using CniPS.Benchmarks.Stage;
using CniPS.Linux.Machine;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Benchmarks.Contestants;

/// <summary>
/// The engine, in this process, with its own plugins or with programs. What the kernel has still to do after a DEL is waited for at the end of
/// the round.
/// </summary>
internal sealed class Engine(string name, Network network, int containers, RuntimeOptions? options = null) : IContestant
{
    private readonly NetworkConfigurationList _list = NetworkConfigurationList.ParseAny(network.Text);
    private readonly Attachment[] _attachments = Enumerable.Range(0, containers).Select(i => Container.Attachment(i, network.Ports)).ToArray();
    private readonly RuntimeOptions _options = (options ?? RuntimeOptions.Default) with { CacheFolder = network.Cache };

    public int WarmUps => options?.PluginSource == PluginSource.Path ? 1 : 6;

    public void Round(Board board)
    {
        using LinuxHost host = new();
        CniRuntime runtime = new(host, _options);
        board[Names.Add(name)].Add(Clock.Each(_attachments, attachment => runtime.Add(_list, attachment)));
        board[Names.Delete(name)].Add(Clock.Each(_attachments, attachment => runtime.Delete(_list, attachment)));
    }
}
