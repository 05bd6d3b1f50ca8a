using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;
using CniPS.Tool.Interop;

namespace CniPS.Tool.Plugin;

/// <summary>Passes warnings, and what delegates write to their standard error, on to this program's own.</summary>
internal sealed class StandardErrorObserver : IProgramObserver
{
    public void Calling(string type, PluginRequest request, string? program)
    {
    }

    public void Called(string type, PluginRequest request, CniResult? result, Exception? error, TimeSpan duration)
    {
    }

    public void Changed(Change change)
    {
    }

    public void StandardError(string type, PluginRequest request, ReadOnlyMemory<byte> text) =>
        StandardStreams.Write(StandardStreams.Error, text.Span);

    public void Warn(string message) => StandardStreams.Write(StandardStreams.Error, Encoding.UTF8.GetBytes(message + "\n"));
}
