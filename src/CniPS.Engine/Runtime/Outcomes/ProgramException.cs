using System;
using CniPS.Linux.Programs;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A plugin program failed; with all that it said.</summary>
public sealed class ProgramException : CniException
{
    internal ProgramException(string errorId, CniErrorCode code, string message, ProgramOutcome outcome, string? details = null, Exception? cause = null)
        : base(errorId, code, message, details, cause) => Outcome = outcome;

    /// <summary>What became of the program: its end, its output and what it wrote to its standard error.</summary>
    public ProgramOutcome Outcome { get; }

    /// <summary>The program.</summary>
    public string Program => Outcome.Command.Path;

    /// <summary>Whether the plugin itself said no, and not what runs it.</summary>
    internal bool HasAnswered => ErrorId == RuntimeErrorIds.PluginFailed && !Outcome.Output.IsEmpty;
}
