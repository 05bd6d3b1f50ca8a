using System;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Shows an operation on a command's streams: changes on the verbose one, warnings, calls on the debug one, and programs that take their time as progress.</summary>
internal sealed class CommandObserver(CniCommand command) : IWaitingObserver
{
    private static readonly string[] s_tags = ["CniTrace"];

    private readonly bool _isVerbose = command.IsVerbose;

    public void Calling(string type, PluginRequest request, string? program) =>
        command.Tell(() => command.WriteDebug($"{request.Verb.ToCommand()} {type} ({program ?? "native"})"));

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration) => command.Tell(() =>
    {
        string call = $"{request.Verb.ToCommand()} {type}", outcome = error?.Message ?? "done";
        string line = FormattableString.Invariant($"{call}: {outcome}, {duration.TotalMilliseconds:0.0} ms");
        command.WriteDebug(line);
        command.WriteInformation(line, s_tags);
    });

    public void Changed(Change change)
    {
        if (_isVerbose)
        {
            command.Tell(() => command.WriteVerbose(change.Brief));
        }
    }

    public void Waiting(string type, PluginRequest request, TimeSpan elapsed) =>
        command.Tell(() => command.ShowWaiting($"{request.Verb.ToCommand()} {type}", elapsed));

    public void Warn(string message) => command.Tell(() => command.WriteWarning(message));
}
