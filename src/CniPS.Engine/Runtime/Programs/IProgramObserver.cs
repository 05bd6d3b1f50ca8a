using System;
using System.Text;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>An observer that also wants what programs write to their standard error though they succeed. Others are given it as a warning.</summary>
public interface IProgramObserver : IOperationObserver
{
    /// <summary>A program succeeded, and wrote something to its standard error.</summary>
    /// <param name="type">The plugin's type.</param>
    /// <param name="request">The call.</param>
    /// <param name="text">What it wrote.</param>
    void StandardError(string type, PluginRequest request, ReadOnlyMemory<byte> text);
}

/// <summary>Passes programs' standard error on.</summary>
internal static class ProgramStderr
{
    internal static void Tell(IOperationObserver observer, string type, PluginRequest request, ReadOnlyMemory<byte> text)
    {
        if (observer is IProgramObserver programs)
        {
            programs.StandardError(type, request, text);
        }
        else
        {
            observer.Warn($"{type} ({request.Verb.ToCommand()}): {Encoding.UTF8.GetString(text.Span).TrimEnd()}");
        }
    }
}
