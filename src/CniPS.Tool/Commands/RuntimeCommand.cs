using System;
using CniPS.Plugin.Options;
using CniPS.Tool.Output;

namespace CniPS.Tool.Commands;

/// <summary>A command that uses the runtime; Ctrl+C takes back what is half done.</summary>
internal abstract class RuntimeCommand : Command
{
    protected sealed override int Run(Arguments arguments)
    {
        using var session = new Session(arguments);
        try
        {
            return Run(session);
        }
        catch (OperationCanceledException)
        {
            Terminal.Error.Line("cnips: interrupted");
            return session.InterruptedCode;
        }
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(Session session);
}
