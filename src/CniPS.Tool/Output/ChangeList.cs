using System;
using System.Collections.Generic;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Tool.Output;

/// <summary>Keeps what a plan would do, for a program that wants it as JSON.</summary>
internal sealed class ChangeList : IOperationObserver
{
    private readonly List<string> _commands = [];

    /// <summary>The changes, as commands, in order.</summary>
    internal IReadOnlyList<string> Commands => _commands;

    public void Calling(string type, PluginRequest request, string? program)
    {
    }

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
    {
    }

    public void Changed(Change change) => _commands.Add(change.Text);

    public void Warn(string message) => Terminal.Error.Line($"cnips: {message}");
}
