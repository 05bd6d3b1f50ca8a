using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary>What a command works with, as its options say: the machine or a plan of it, the runtime, and who is told.</summary>
internal sealed class Session : IDisposable
{
    private readonly LinuxHost _machine = new();
    private readonly Interruption _interruption = new();
    private readonly ChangeList? _changes;

    /// <summary>Begins.</summary>
    /// <exception cref="UsageException">An option's value makes no sense.</exception>
    internal Session(Arguments arguments)
    {
        Arguments = arguments;
        Plan = arguments.Has(RuntimeSettings.Plan);
        Json = arguments.Has(RuntimeSettings.Json);
        _changes = Plan && Json ? new ChangeList() : null;
        Observer = _changes ?? (IOperationObserver)new ChangePrinter(
            Plan ? Terminal.Out : Terminal.Error, showChanges: Plan || arguments.Has(RuntimeSettings.Verbose));
        Host = Plan ? new PlannedHost(_machine) : _machine;
        Options = RuntimeSettings.ToRuntimeOptions(arguments, _machine);
        Runtime = new CniRuntime(Host, Options, Observer);
        _interruption.Listen();
    }

    /// <summary>The command line.</summary>
    internal Arguments Arguments { get; }

    /// <summary>Whether nothing is to be changed.</summary>
    internal bool Plan { get; }

    /// <summary>Whether a program reads what is printed.</summary>
    internal bool Json { get; }

    /// <summary>The machine, or a plan of it.</summary>
    internal IHost Host { get; }

    /// <summary>How the runtime works.</summary>
    internal RuntimeOptions Options { get; }

    /// <summary>The runtime.</summary>
    internal CniRuntime Runtime { get; }

    /// <summary>Is told of every change, and of warnings.</summary>
    internal IOperationObserver Observer { get; }

    /// <summary>Is cancelled by Ctrl+C and its like.</summary>
    internal CancellationToken Cancellation => _interruption.Token;

    /// <summary>The exit code after that.</summary>
    internal int InterruptedCode => _interruption.ExitCode;

    /// <summary>A network: a file, or a name in the folder of networks, where a broken file hides no other.</summary>
    internal NetworkConfigurationList FindNetwork(string network) => NetworkNames.IsFile(network)
        ? NetworkConfigurationList.Load(network)
        : new NetworkConfigurationFolder(RuntimeSettings.FolderOf(Arguments)).Load(network, strict: false, WarnOfBrokenFile);

    /// <summary>A file that can't be read is named, and passed over.</summary>
    internal void WarnOfBrokenFile(CniException error) =>
        Observer.Warn($"{(error.Position is { } position ? $"{position}: " : "")}{error.Message}; the file is passed over");

    /// <summary>Writes the changes of a plan, for a program.</summary>
    internal void WriteChanges(Utf8JsonWriter writer)
    {
        if (_changes is not null)
        {
            writer.Strings("changes", _changes.Commands);
        }
    }

    /// <summary>Ends: links that are still being deleted are waited for.</summary>
    public void Dispose()
    {
        _interruption.Dispose();
        _machine.Dispose();
    }
}
