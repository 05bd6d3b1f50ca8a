using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;

namespace CniPS.Commands;

/// <summary>
/// A command's question, put to other machines: the same command with the same parameters in each session, at the same time in all. What comes back
/// are PowerShell's copies of the objects, with the properties and views of the originals, and with the name of their machine.
/// </summary>
internal sealed class RemoteQuestion
{
    // The first to name a command of the module there loads it, from wherever that machine has it.
    private const string Question = """
        param($Command, $Given)
        if (-not (Get-Command $Command -ErrorAction Ignore)) { Import-Module CniPS -ErrorAction Stop }
        & $Command @Given
        """;

    private static readonly string[] s_ours =
        [SessionParameter, NodeParameter, "ErrorAction", "WarningAction", "InformationAction", "ProgressAction", "ErrorVariable", "WarningVariable",
            "InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable"];

    private readonly string _command;
    private readonly Hashtable _given;

    /// <summary>Takes the question from the command that is to answer it.</summary>
    /// <param name="invocation">The command, with what was given to it.</param>
    internal RemoteQuestion(InvocationInfo invocation)
    {
        _command = invocation.MyCommand.Name;
        _given = [];
        foreach ((string name, object value) in invocation.BoundParameters)
        {
            if (Array.IndexOf(s_ours, name) < 0)
            {
                _given[name] = Plain(value);
            }
        }
    }

    /// <summary>The parameter that has the sessions.</summary>
    internal const string SessionParameter = "Session";

    /// <summary>The parameter that chooses among them.</summary>
    internal const string NodeParameter = "Node";

    /// <summary>The sessions with certain machines.</summary>
    /// <param name="sessions">All that were given.</param>
    /// <param name="nodes">The machines' names as the sessions have them, with wildcards; null for all.</param>
    internal static PSSession[] Of(PSSession[] sessions, string[]? nodes)
    {
        Wildcards names = new(nodes);
        return [.. sessions.Where(session => names.Fit(session.ComputerName))];
    }

    /// <summary>Asks, and waits for the answers.</summary>
    /// <param name="sessions">With whom; at least one.</param>
    /// <param name="cancellation">Ends the question on all machines.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    internal RemoteAnswer Ask(PSSession[] sessions, CancellationToken cancellation)
    {
        using PowerShell shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Microsoft.PowerShell.Core\\Invoke-Command")
            .AddParameter("Session", sessions)
            .AddParameter("ScriptBlock", ScriptBlock.Create(Question))
            .AddParameter("ArgumentList", new object[] { _command, _given })
            .AddParameter("ErrorAction", ActionPreference.Continue); // what the session prefers, it prefers for the command that asks
        using CancellationTokenRegistration stop = cancellation.Register(() => shell.BeginStop(null, null));
        List<PSObject> objects;
        try
        {
            objects = [.. shell.Invoke()];
        }
        catch (PipelineStoppedException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }

        foreach (PSObject item in objects)
        {
            // Under a name that binds to -Node: what comes from one machine goes back to that one.
            if (item.Properties[NodeParameter] is null && item.Properties["PSComputerName"]?.Value is string node)
            {
                item.Properties.Add(new PSNoteProperty(NodeParameter, node));
            }
        }

        return new RemoteAnswer(objects, [.. shell.Streams.Error.Select(Named)], [.. shell.Streams.Warning.Select(warning => warning.Message)]);
    }

    // An error says which machine it is of.
    private static ErrorRecord Named(ErrorRecord error)
    {
        if (error is RemotingErrorRecord { OriginInfo.PSComputerName: { Length: > 0 } node })
        {
            error.ErrorDetails = new ErrorDetails($"{node}: {error}") { RecommendedAction = error.ErrorDetails?.RecommendedAction };
        }

        return error;
    }

    // What other machines take as a person would write it.
    private static object? Plain(object? value) => value switch
    {
        SwitchParameter given => given.ToBool(),
        NetworkReference or NamespaceReference or Spec.CniArgs or Enum => value.ToString(),
        Array items => items.Cast<object?>().Select(Plain).ToArray(),
        _ => value,
    };
}

/// <summary>What machines have answered.</summary>
/// <param name="Objects">Copies of the objects, each with its machine as <c>PSComputerName</c> and <c>Node</c>.</param>
/// <param name="Errors">What went wrong there, or on the way.</param>
/// <param name="Warnings">What they warned of.</param>
internal sealed record RemoteAnswer(IReadOnlyList<PSObject> Objects, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings);
