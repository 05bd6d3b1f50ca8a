using System;

namespace CniPS.Linux.Programs;

/// <summary>How a program came to its end.</summary>
public enum ProgramEnd
{
    /// <summary>It ended by itself.</summary>
    Exited,

    /// <summary>A signal ended it, which was not sent from here.</summary>
    Killed,

    /// <summary>It took too long and was killed.</summary>
    TimedOut,

    /// <summary>It wrote more than any answer can have (16 MB) and was killed.</summary>
    Flooded,

    /// <summary>It could not be started.</summary>
    NotStarted,
}

/// <summary>What became of a program.</summary>
/// <param name="Command">What was run.</param>
/// <param name="End">How it ended.</param>
/// <param name="Status">The exit status, the signal's number, or the errno with which starting it failed.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Error">What it wrote to its standard error.</param>
public sealed record ProgramOutcome(
    ProgramCommand Command, ProgramEnd End, int Status, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Error)
{
    /// <summary>Whether it exited with 0.</summary>
    public bool Succeeded => End == ProgramEnd.Exited && Status == 0;

    /// <summary>The end in Go's words, which libcni's messages quote: <c>exit status 7</c>, <c>signal: killed</c>, <c>fork/exec PATH: permission denied</c>.</summary>
    public string Describe() => End switch
    {
        ProgramEnd.Exited => $"exit status {Status}",
        ProgramEnd.NotStarted => $"fork/exec {Command.Path}: {Lower(LinuxException.Describe(Status))}",
        _ => $"signal: {SignalName(Status)}",
    };

    private static string Lower(string words) => char.ToLowerInvariant(words[0]) + words[1..];

    private static string SignalName(int signal) => signal switch
    {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        5 => "trace/breakpoint trap",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        _ => $"signal {signal}",
    };
}
