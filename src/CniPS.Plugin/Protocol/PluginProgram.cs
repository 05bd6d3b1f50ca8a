using System;
using System.Text;
using CniPS.Linux.Namespaces;
using CniPS.Plugin.Interop;
using CniPS.Plugin.Options;
using CniPS.Plugins;

namespace CniPS.Plugin.Protocol;

/// <summary>
/// A native plugin as a plugin program. Everything happens on the one thread that the process was started with, and nothing is set up that
/// the call doesn't need: most of what such a program costs is its start.
/// </summary>
internal static class PluginProgram
{
    /// <summary>Answers the call that the environment and standard input make up.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(ICniPlugin plugin)
    {
        NetworkNamespace.EnterDirectly();
        PluginExecution? execution = null;
        var protocol = new PluginProtocol(
            plugin,
            Environment.GetEnvironmentVariable,
            StandardStreams.ReadInput,
            request => (execution = new PluginExecution(plugin.Type, request)).Run(),
            () => $"CNI {plugin.Type} plugin CniPS v{ToolVersion.Text}");
        PluginAnswer answer = protocol.Answer();
        if (!StandardStreams.Write(StandardStreams.Output, answer.Output.Span))
        {
            // The runtime knows nothing of what was made, and takes a plugin that says nothing for one that failed.
            StandardStreams.Write(
                StandardStreams.Error,
                execution?.TakeBack() == true ? "standard output can't be written: what ADD had made was taken back\n"u8 : "standard output can't be written\n"u8);
            return 1;
        }

        StandardStreams.Write(StandardStreams.Error, Encoding.UTF8.GetBytes(answer.ErrorText));
        execution?.EndWithProcess(); // the runtime has the answer by now
        return answer.ExitCode;
    }
}
