using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>
/// One call of a plugin, as it was: what went in, what came out, how long it took, and the changes that it made to the machine. It holds
/// references only; texts are made when they are asked for.
/// </summary>
public sealed class TracedCall
{
    /// <summary>The plugin's name in the entries for what the runtime itself changed: the cached result, and what a rollback took back.</summary>
    public const string RuntimeType = "runtime";

    private readonly PluginRequest _request;
    private readonly List<Change> _changes = [];

    internal TracedCall(long number, string type, PluginRequest request, string? program, int depth)
    {
        Number = number;
        Type = type;
        _request = request;
        Program = program;
        Depth = depth;
        Started = DateTimeOffset.Now;
    }

    /// <summary>Its number in this process, from 1.</summary>
    public long Number { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>How long it took, the calls within it included.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The plugin's type.</summary>
    public string Type { get; }

    /// <summary>The program that was run; null for a native plugin.</summary>
    public string? Program { get; }

    /// <summary>How many calls it was made within: 1 for a delegate, such as the IPAM plugin of a bridge.</summary>
    public int Depth { get; }

    /// <summary>CNI_COMMAND.</summary>
    public string Verb => _request.Verb.ToCommand();

    /// <summary>The network's name; empty for VERSION.</summary>
    public string Network => _request.Configuration.Name ?? "";

    /// <summary>CNI_CONTAINERID.</summary>
    public string ContainerId => _request.ContainerId;

    /// <summary>CNI_IFNAME.</summary>
    public string InterfaceName => _request.InterfaceName;

    /// <summary>CNI_NETNS.</summary>
    public string NetNS => _request.NetNS;

    /// <summary>
    /// A program's environment, as far as it is the call's (CNI_*, PATH): nothing else of the session's is remembered. For a native plugin, the
    /// variables that would make up the call.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment => Outcome?.Command.Environment ?? ProgramEnvironment.Variables(_request);

    /// <summary>The configuration: what a program gets on standard input.</summary>
    public string Input => Encoding.UTF8.GetString(_request.Config.Span);

    /// <summary>What a program wrote to its standard output; a native plugin's result as JSON. Cut off after 64 KiB.</summary>
    public string Output => Outcome is { } outcome ? Encoding.UTF8.GetString(outcome.Output.Span)
        : Result is null ? "" : Encoding.UTF8.GetString(Result.ToJson());

    /// <summary>What a program wrote to its standard error. Cut off after 64 KiB.</summary>
    public string ErrorOutput => Outcome is { } outcome ? Encoding.UTF8.GetString(outcome.Error.Span) : "";

    /// <summary>How a program ended; null for a native plugin, and for a program that was stopped by a cancellation.</summary>
    public ProgramOutcome? Outcome { get; private set; }

    /// <summary>A program's exit status, 128 and the signal's number where one ended it; for a native plugin 0, or 1 after an error. Null where it could not be started.</summary>
    public int? ExitStatus => Outcome switch
    {
        null => Program is null ? (Error is null ? 0 : 1) : null,
        { End: ProgramEnd.Exited } exited => exited.Status,
        { End: ProgramEnd.NotStarted } => null,
        { } killed => 128 + killed.Status,
    };

    /// <summary>What went wrong.</summary>
    public Exception? Error { get; private set; }

    /// <summary>ADD's result.</summary>
    public CniResult? Result { get; private set; }

    /// <summary>The changes that it made, in order; those of the calls within it are theirs.</summary>
    public IReadOnlyList<Change> Changes
    {
        get
        {
            lock (_changes)
            {
                return [.. _changes];
            }
        }
    }

    /// <summary>The shell command that makes the same call again; null for what the runtime itself did.</summary>
    public string? Replay => Type == RuntimeType && Program is null ? null : ReplayCommand.Of(this, Environment, Input);

    /// <summary>The call as it may be shown to anybody: values of keys that look like credentials are masked.</summary>
    public ShownCall Shown => new(this);

    internal void Add(Change change)
    {
        lock (_changes)
        {
            _changes.Add(change);
        }
    }

    internal void Ran(ProgramOutcome outcome) => Outcome = outcome;

    internal void End(CniResult? result, Exception? error, TimeSpan duration)
    {
        Result = result;
        Error = error;
        Duration = duration;
        IsEnded = true;
    }

    internal TracedCall ForRuntime(long number) => new(number, RuntimeType, _request, null, 0) { IsEnded = true };

    /// <summary>The call as <c>ADD bridge</c>.</summary>
    public override string ToString() => $"{Verb} {Type}";
}
