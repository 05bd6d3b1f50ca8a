using System;
using System.IO;
using CniPS.Plugins;
using CniPS.Runtime;
using CniPS.Spec;

namespace CniPS.Plugin.Protocol;

/// <summary>
/// The process protocol of a plugin program (SPEC, sections 2 and 5), in the order of checks and the words of the Go library skel.
/// </summary>
/// <param name="plugin">The plugin.</param>
/// <param name="variable">Gives an environment variable's value, or null.</param>
/// <param name="readInput">Reads standard input.</param>
/// <param name="execute">Runs the verb; gives ADD's result, in the configuration's version.</param>
/// <param name="about">
/// Gives what it says about itself when it is started without a verb; empty: that is an error. It is made only then: to find the assembly's
/// version takes .NET's reflection, and that 0.3 MB.
/// </param>
internal sealed class PluginProtocol(
    ICniPlugin plugin, Func<string, string?> variable, Func<ReadOnlyMemory<byte>> readInput, Func<PluginRequest, CniResult?> execute, Func<string> about)
{
    /// <summary>Answers the one call that the program was started for.</summary>
    internal PluginAnswer Answer()
    {
        try
        {
            var variables = new PluginVariables(variable);
            return variables.Command.Length == 0 && about() is { Length: > 0 } text ? About(text) : Answer(variables);
        }
        catch (Exception e)
        {
            return Failure(e);
        }
    }

    // An error of the specification is told as it is, whatever it is wrapped in.
    private static PluginAnswer Failure(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is CniException e)
            {
                return PluginAnswer.Failure(e.Code, e.Msg, e.Details);
            }
        }

        return PluginAnswer.Failure(CniErrorCode.Internal, error.Message);
    }

    private PluginAnswer Answer(PluginVariables variables)
    {
        variables.Check();
        if (variables.Command == "VERSION")
        {
            ReadOnlyMemory<byte> versions = new PluginVersionInfo(CniVersion.Current, plugin.SupportedVersions).ToJson();
            return new PluginAnswer(0, (byte[])[.. versions.Span, (byte)'\n']);
        }

        ReadOnlyMemory<byte> input = Read();
        PluginConfiguration configuration = PluginConfiguration.ParseRequest(input);
        CheckName(configuration.Name);
        if (!CniVerbs.TryParse(variables.Command, out CniVerb verb))
        {
            throw new CniException(
                CniErrorIds.InvalidArgs, CniErrorCode.InvalidEnvironmentVariables, $"unknown CNI_COMMAND: {variables.Command}");
        }

        VersionSupport.Require(verb, ConfigVersion.Decode(configuration.Json), plugin.SupportedVersions);
        CniResult? result = execute(variables.ToRequest(verb, input));
        return result is null ? PluginAnswer.Nothing : new PluginAnswer(0, result.ToJson(indented: true));
    }

    private ReadOnlyMemory<byte> Read()
    {
        try
        {
            return readInput();
        }
        catch (IOException e)
        {
            throw new CniException(CniErrorIds.UnreadableFile, CniErrorCode.IOFailure, $"error reading from stdin: {e.Message}");
        }
    }

    private static void CheckName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new CniException(CniErrorIds.InvalidName, CniErrorCode.InvalidNetworkConfig, "missing network name");
        }

        CniNames.ValidateNetworkName(name);
    }

    private PluginAnswer About(string text) => new(
        0,
        ReadOnlyMemory<byte>.Empty,
        $"{text}\nCNI protocol versions supported: {string.Join(", ", plugin.SupportedVersions)}\n");
}
