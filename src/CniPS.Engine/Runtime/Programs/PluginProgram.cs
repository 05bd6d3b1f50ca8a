using System;
using System.IO;
using System.Threading;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Programs;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A plugin that is a program: a request is its environment and standard input, its standard output the answer.</summary>
/// <param name="plugin">The plugin, with its program's path.</param>
/// <param name="host">The namespace it runs in.</param>
/// <param name="options">How it is run.</param>
/// <param name="observer">Is told that it is waited for, how it ended, and what it wrote to standard error.</param>
internal readonly struct PluginProgram(ResolvedPlugin plugin, NetworkNamespace host, RuntimeOptions options, IOperationObserver? observer)
{
    /// <summary>Runs it.</summary>
    /// <exception cref="CniException">It failed, or ran too long.</exception>
    internal ProgramOutcome Run(PluginRequest request, TimeSpan? timeout, CancellationToken cancellation)
    {
        ProgramCommand command = new(Path.GetFullPath(plugin.Program!))
        {
            Environment = ProgramEnvironment.Of(request, options, host.Id),
            Input = request.Config,
            Timeout = timeout,
            Waiting = Waits.Of(observer, plugin.Type, request),
        };
        ProgramOutcome outcome = ProgramRunner.Run(command, host, cancellation);
        outcome = outcome with { Command = outcome.Command with { Environment = ProgramEnvironment.Kept(outcome.Command.Environment) } };
        (observer as IOutcomeObserver)?.Ran(plugin.Type, request, outcome);
        if (!outcome.Succeeded)
        {
            throw ProgramAnswer.Error(outcome, request, plugin.Type, options.LibcniMessages);
        }

        if (!outcome.Error.IsEmpty && observer is not null)
        {
            ProgramStderr.Tell(observer, plugin.Type, request, outcome.Error);
        }

        return outcome;
    }

    /// <summary>Runs it and reads its answer.</summary>
    /// <returns>The result of ADD; null for the other verbs.</returns>
    /// <exception cref="CniException">It failed, or ran too long, or its answer is no result.</exception>
    internal CniResult? RunForResult(PluginRequest request, CancellationToken cancellation)
    {
        ProgramOutcome outcome = Run(request, options.Timeout, cancellation);
        if (request.Verb != CniVerb.Add)
        {
            return null;
        }

        try
        {
            string version = ConfigVersion.Decode(request.Config);
            CniResult result = CniResult.ParseOutput(outcome.Output, version, options.KeepUnknownFields);
            return options.ConvertResults ? result.ConvertTo(version) : result;
        }
        catch (CniException e)
        {
            throw ProgramAnswer.NoResult(outcome, request, plugin.Type, e);
        }
    }
}
