using CniPS.Runtime;

namespace CniPS;

/// <summary>The plugin calls that this process has made lately, in whatever runspace.</summary>
internal static class Traces
{
    internal static CallRecorder Recorder { get; } = new();
}
