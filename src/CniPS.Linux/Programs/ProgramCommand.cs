using System;
using System.Collections.Generic;

namespace CniPS.Linux.Programs;

/// <summary>A program to run, with everything it gets.</summary>
/// <param name="Path">Its file.</param>
public sealed record ProgramCommand(string Path)
{
    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its whole environment: nothing else is inherited. Of several of one name the last counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>What it can read on its standard input. It need not read it.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>How long it may take; it is killed then, with all its children. Null: for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Is called again and again while it runs, on the thread that waits for it, and must not take long. Null: nobody is.</summary>
    public Action? Waiting { get; init; }
}
