using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace CniPS.Tests.Hosting;

/// <summary>A PowerShell session in this process that has the module imported, with its types and views; one for each test class.</summary>
public class Session : IDisposable
{
    private readonly RecordingHost _host = new();

    /// <summary>Opens it.</summary>
    public Session()
    {
        InitialSessionState state = InitialSessionState.CreateDefault();
        state.ImportPSModule([Manifest]);
        state.ThrowOnRunspaceOpenError = true;
        // What is not there is an error, and not a search through the machine's modules.
        state.Variables.Add(new SessionStateVariableEntry("PSModuleAutoLoadingPreference", "None", null));
        Runspace = RunspaceFactory.CreateRunspace(_host, state);
        Runspace.Open();
    }

    /// <summary>The module's manifest beside this assembly.</summary>
    internal static string Manifest { get; } = Path.Combine(AppContext.BaseDirectory, "CniPS.psd1");

    internal Runspace Runspace { get; }

    /// <summary>Runs a script, to whose <c>$args</c> the arguments come.</summary>
    internal Outcome Run(string script, params object?[] arguments)
    {
        using PowerShell shell = PowerShell.Create(Runspace);
        shell.AddScript(script, useLocalScope: true);
        foreach (object? argument in arguments)
        {
            shell.AddArgument(argument);
        }

        return Invoke(shell);
    }

    /// <summary>Calls one command with parameters by name.</summary>
    internal Outcome Call(string command, IEnumerable<KeyValuePair<string, object?>> parameters)
    {
        using PowerShell shell = PowerShell.Create(Runspace);
        shell.AddCommand(command);
        foreach ((string name, object? value) in parameters)
        {
            shell.AddParameter(name, value);
        }

        return Invoke(shell);
    }

    private Outcome Invoke(PowerShell shell)
    {
        _host.Console.Clear();
        ErrorRecord? terminating = null;
        PSDataCollection<PSObject> output = [];
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException e)
        {
            // PowerShell's own refusals leave themselves out of their records.
            terminating = e.ErrorRecord.Exception is ParentContainsErrorRecordException ? new ErrorRecord(e.ErrorRecord, e) : e.ErrorRecord;
        }

        return new Outcome
        {
            Output = [.. output],
            Errors = [.. shell.Streams.Error],
            Terminating = terminating,
            Warnings = [.. shell.Streams.Warning.Select(record => record.Message)],
            Verbose = [.. shell.Streams.Verbose.Select(record => record.Message)],
            Information = [.. shell.Streams.Information.Where(record => !record.Tags.Contains("CniTrace")).Select(record => record.ToString())],
            Calls = [.. shell.Streams.Information.Where(record => record.Tags.Contains("CniTrace")).Select(record => record.ToString())],
            Debug = [.. shell.Streams.Debug.Select(record => record.Message)],
            Console = [.. _host.Console.Lines],
            Asked = [.. _host.Console.Asked],
            Questions = [.. _host.Console.Questions],
        };
    }

    /// <summary>What Tab offers at the end of a line.</summary>
    internal IReadOnlyList<CompletionResult> Complete(string line)
    {
        using PowerShell shell = PowerShell.Create(Runspace);
        return CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches;
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes it.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Runspace.Dispose();
        }
    }
}
