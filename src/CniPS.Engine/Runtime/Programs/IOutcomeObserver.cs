using CniPS.Linux.Programs;
using CniPS.Plugins;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>An observer that also wants everything about a program's run.</summary>
public interface IOutcomeObserver : IOperationObserver
{
    /// <summary>A program ended, or could not be started. It is told before the call's end.</summary>
    /// <param name="type">The plugin's type.</param>
    /// <param name="request">The call.</param>
    /// <param name="outcome">What became of it.</param>
    void Ran(string type, PluginRequest request, ProgramOutcome outcome);
}
