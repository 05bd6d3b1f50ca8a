using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Keeps the changes of an operation while passing on what an observer is told.</summary>
internal sealed class ChangeRecorder(IOperationObserver? next) : IProgramObserver, IWaitingObserver
{
    private readonly List<Change> _changes = [];

    /// <summary>The changes since this was asked last.</summary>
    internal List<Change> Take()
    {
        List<Change> taken = [.. _changes];
        _changes.Clear();
        return taken;
    }

    public void Calling(string type, PluginRequest request, string? program) => next?.Calling(type, request, program);

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration) =>
        next?.Called(type, request, result, error, duration);

    public void Changed(Change change)
    {
        _changes.Add(change);
        next?.Changed(change);
    }

    public void Waiting(string type, PluginRequest request, TimeSpan elapsed) => (next as IWaitingObserver)?.Waiting(type, request, elapsed);

    public void Warn(string message) => next?.Warn(message);

    public void StandardError(string type, PluginRequest request, ReadOnlyMemory<byte> text)
    {
        if (next is not null)
        {
            ProgramStderr.Tell(next, type, request, text);
        }
    }
}
