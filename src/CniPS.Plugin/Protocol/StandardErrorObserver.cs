using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Plugin.Interop;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Plugin.Protocol;

/// <summary>Passes warnings, and what delegates write to their standard error, on to this program's own.</summary>
/// <param name="interruption">
/// Listens to signals from the first program on: that may take long (dhcp). A call that stays native ends within milliseconds, of which the
/// listening thread would cost a tenth of one; should it be killed, the runtime's DEL takes away what it made.
/// </param>
internal sealed class StandardErrorObserver(Interruption interruption) : IProgramObserver
{
    public void Calling(string type, PluginRequest request, string? program)
    {
        if (program is not null)
        {
            interruption.Listen();
        }
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
