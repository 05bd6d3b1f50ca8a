using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Writes a plan while an operation runs over a <see cref="PlannedHost"/>.</summary>
public sealed class PlanRecorder : IOperationObserver
{
    private readonly Stack<string> _calls = new();
    private readonly List<PlanStep> _steps = [];
    private readonly List<string> _warnings = [];

    /// <summary>The changes so far.</summary>
    public IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>The warnings so far.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The result that the operation gave: ADD, and what puts an attachment in the place of another.</summary>
    public CniResult? Result { get; set; }

    /// <summary>The plan of an operation that has ended.</summary>
    /// <param name="verb">The operation.</param>
    /// <param name="network">The network's name.</param>
    /// <param name="attachment">The attachment, if it was on one.</param>
    public OperationPlan ToPlan(string verb, string network, Attachment? attachment) => new(verb, network, attachment)
    {
        Steps = [.. _steps],
        PredictedResult = Result,
        Warnings = [.. _warnings],
        EndsAt = (verb is "ADD" or "UPDATE" or "MOVE") && Result is null && _steps.Count > 0 && _steps[^1].IsProgram ? _steps[^1].PluginType : null,
    };

    /// <inheritdoc/>
    public void Calling(string type, PluginRequest request, string? program) => _calls.Push(type);

    /// <inheritdoc/>
    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration) => _calls.Pop();

    /// <inheritdoc/>
    public void Changed(Change change) => Record(change, isShared: false);

    /// <inheritdoc/>
    public void ChangedShared(Change change) => Record(change, isShared: true);

    /// <inheritdoc/>
    public void Warn(string message) => _warnings.Add(message);

    private void Record(Change change, bool isShared)
    {
        string? type = change is ProgramCall program ? Path.GetFileName(program.Path) : _calls.Count > 0 ? _calls.Peek() : null;
        _steps.Add(new PlanStep(type, change, isShared));
    }
}
