using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Plugin.Interop;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Tool.Cnitool;

/// <summary>Passes on what plugins write to their standard error, as libcni does.</summary>
internal sealed class CnitoolObserver : IProgramObserver
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
