using CniPS.Linux.Changes;
using CniPS.Linux.Host;

namespace CniPS.Runtime;

/// <summary>A change that an operation would make.</summary>
/// <param name="PluginType">The plugin that would make it; null for the runtime itself (its cache).</param>
/// <param name="Change">The change.</param>
/// <param name="IsShared">Whether it is to something that attachments share, such as a bridge.</param>
public sealed record PlanStep(string? PluginType, Change Change, bool IsShared)
{
    /// <summary>The command a person would type.</summary>
    public string Text => Change.Text;

    /// <summary>What kind of change it is: <c>VethAdd</c>, <c>SysctlWrite</c>, <c>FileCreate</c>.</summary>
    public string Kind => Change.GetType().Name;

    /// <summary>Whether a program would run, of which it can't be foreseen what it does.</summary>
    public bool IsProgram => Change is ProgramCall;

    /// <summary>The command.</summary>
    public override string ToString() => Text;
}
