using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Commands;

/// <summary>Collects what a planned operation would do.</summary>
internal sealed class PlanObserver : IOperationObserver
{
    internal List<string> Steps { get; } = [];

    internal List<string> Warnings { get; } = [];

    public void Calling(string type, PluginRequest request, string? program)
    {
    }

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
    {
    }

    public void Changed(Change change) => Steps.Add(change.Text);

    public void Warn(string message) => Warnings.Add(message);
}
