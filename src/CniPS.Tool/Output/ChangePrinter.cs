using System;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Tool.Output;

/// <summary>Prints what an operation does, as the commands a person would type.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="showChanges">Whether changes are printed, or warnings only.</param>
/// <param name="indent">What stands before each line.</param>
internal sealed class ChangePrinter(Terminal terminal, bool showChanges, string indent = "") : IOperationObserver
{
    public void Calling(string type, PluginRequest request, string? program)
    {
    }

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
    {
    }

    public void Changed(Change change)
    {
        if (showChanges)
        {
            terminal.Line(indent + terminal.Command(change.Text));
        }
    }

    public void Warn(string message) => Terminal.Error.Line($"cnips: {message}");
}
