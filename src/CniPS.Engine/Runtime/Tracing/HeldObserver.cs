using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Keeps what an operation tells, for one who listens on another thread.</summary>
/// <param name="listener">Who listens. That a program is being waited for is not passed on: by then it has ended.</param>
internal sealed class HeldObserver(IOperationObserver listener) : IOutcomeObserver, IProgramObserver
{
    private readonly List<Action> _told = [];

    public void Calling(string type, PluginRequest request, string? program) => _told.Add(() => listener.Calling(type, request, program));

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration) =>
        _told.Add(() => listener.Called(type, request, result, error, duration));

    public void Changed(Change change) => _told.Add(() => listener.Changed(change));

    public void ChangedShared(Change change) => _told.Add(() => listener.ChangedShared(change));

    public void Warn(string message) => _told.Add(() => listener.Warn(message));

    public void Ran(string type, PluginRequest request, ProgramOutcome outcome) => _told.Add(() => (listener as IOutcomeObserver)?.Ran(type, request, outcome));

    public void StandardError(string type, PluginRequest request, ReadOnlyMemory<byte> text) =>
        _told.Add(() => ProgramStderr.Tell(listener, type, request, text));

    /// <summary>Passes everything on, in order.</summary>
    internal void Tell()
    {
        foreach (Action tell in _told)
        {
            tell();
        }

        _told.Clear();
    }
}
