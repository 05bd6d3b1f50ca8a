using System;
using CniPS.Plugins;

namespace CniPS.Runtime;

/// <summary>One of many operations that are done together.</summary>
/// <typeparam name="T">What it gives.</typeparam>
/// <param name="ContainerId">Whose container it is on: those on the same one are done in their order, one after the other.</param>
/// <param name="Work">Does it, on whatever thread.</param>
public sealed record BulkTask<T>(string ContainerId, Func<CniRuntime, T> Work)
{
    /// <summary>Is told each step: afterwards, all in one go, on the thread of who waits for the whole. Null if nobody wants to know.</summary>
    public IOperationObserver? Observer { get; init; }

    /// <summary>Remembers its calls, as they are made. Null if nobody wants to know.</summary>
    public CallRecorder? Recorder { get; init; }

    /// <summary>How it is done; null: as all are.</summary>
    public RuntimeOptions? Options { get; init; }
}

/// <summary>What came of one of many operations.</summary>
/// <typeparam name="T">What it gives.</typeparam>
/// <param name="Index">Which one, from 0 on.</param>
/// <param name="Result">What it gave.</param>
/// <param name="Error">What went wrong; then there is no result. <see cref="OperationCanceledException"/>: it was stopped, or not begun.</param>
public sealed record BulkOutcome<T>(int Index, T? Result, Exception? Error)
{
    internal HeldObserver? Words { get; init; }

    /// <summary>Tells the operation's observer what was not told yet, on this thread.</summary>
    public void Tell() => Words?.Tell();
}
