using System;
using System.Linq;
using CniPS.Facts;
using CniPS.Linux.Namespaces;
using CniPS.Runtime;

namespace CniPS;

/// <summary>One call of a plugin, as it was; values of keys that look like credentials are masked, unless they were asked for.</summary>
public sealed class CniTrace : IComparable<CniTrace>, IComparable
{
    private readonly TracedCall _call;

    private readonly ShownCall? _shown;

    internal CniTrace(TracedCall call, bool reveals)
    {
        _call = call;
        _shown = reveals ? null : call.Shown;
    }

    /// <summary>The call's number in this process, from 1.</summary>
    public long Number => _call.Number;

    /// <summary>When it began.</summary>
    public DateTime Time => _call.Started.LocalDateTime;

    /// <summary>How long it took, the calls within it included.</summary>
    public string Duration => Took.ToString();

    /// <summary>CNI_COMMAND.</summary>
    public string Verb => _call.Verb;

    /// <summary>The plugin's type; <c>runtime</c> for what CniPS changed itself: the cached result, and what a rollback took back.</summary>
    public string Plugin => _call.Type;

    /// <summary>How many calls it was made within: 1 for a delegate.</summary>
    public int Depth => _call.Depth;

    /// <summary>The program that was run; null where the plugin is native.</summary>
    public string? Program => _call.Program;

    /// <summary>Whether no program was run.</summary>
    public bool IsNative => _call.Program is null;

    /// <summary>The network's name.</summary>
    public string Network => _call.Network;

    /// <summary>The container's id.</summary>
    public string ContainerId => _call.ContainerId;

    /// <summary>The interface's name in the container.</summary>
    public string Interface => _call.InterfaceName;

    /// <summary>The container's namespace: its name, or its path.</summary>
    public string Namespace => NamedNamespaces.NameOf(_call.NetNS) ?? _call.NetNS;

    /// <summary>What the call's environment was (CNI_*, PATH), and what would make up a native plugin's: NAME=VALUE.</summary>
    public CniList<string> Environment => (_shown?.Environment ?? _call.Environment).Select(variable => $"{variable.Key}={variable.Value}").ToLines();

    /// <summary>Standard input: the configuration.</summary>
    public string Stdin => _shown?.Input ?? _call.Input;

    /// <summary>Standard output; a native plugin's result as JSON. Cut off after 64 KiB.</summary>
    public string Stdout => _shown is null ? _call.Output : _shown.Output;

    /// <summary>A program's standard error. Cut off after 64 KiB.</summary>
    public string Stderr => _call.ErrorOutput;

    /// <summary>The exit status, 128 and the signal's number where one ended the program; null where it could not be started.</summary>
    public int? ExitStatus => _call.ExitStatus;

    /// <summary>What went wrong; null if nothing did.</summary>
    public string? Error => _call.Error?.Message;

    /// <summary>The changes that it made, each as the command that a person would type; those of the calls within it are theirs.</summary>
    public CniList<string> Changes => (_shown?.Changes ?? _call.Changes.Select(change => change.Text)).ToLines();

    /// <summary>The shell command that makes the same call again; null for what CniPS did itself.</summary>
    public string? Replay => _shown is null ? _call.Replay : _shown.Replay;

    /// <summary>How long it took.</summary>
    internal TimeSpan Took => _call.Duration;

    /// <summary>By number.</summary>
    public int CompareTo(CniTrace? other) => Number.CompareTo(other?.Number ?? 0);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => Order.Of(this, obj);

    /// <summary>The call as <c>ADD bridge</c>.</summary>
    public override string ToString() => _call.ToString();
}
