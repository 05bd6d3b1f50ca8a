using CniPS.Runtime;

namespace CniPS.Plugin.Options;

/// <summary>Where plugins come from, as options and variables name it.</summary>
internal static class PluginSources
{
    /// <summary>Reads a name.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static PluginSource Parse(string text) => text switch
    {
        "native-first" => PluginSource.NativeFirst,
        "native" => PluginSource.Native,
        "path" => PluginSource.Path,
        _ => throw new UsageException($"plugins come native-first, native or path, not {text}"),
    };
}
