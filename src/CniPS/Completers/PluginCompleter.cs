using System.IO;
using CniPS.Plugins.Catalog;

namespace CniPS.Completers;

/// <summary>Completes types of plugins: native ones, and programs of the path. None is run.</summary>
public sealed class PluginCompleter : Completion
{
    /// <inheritdoc/>
    private protected override void Find(Candidates candidates, BoundParameters given)
    {
        foreach (string type in NativePlugins.Types)
        {
            candidates.Add(type, "native");
        }

        foreach (string folder in given["PluginPath"]?.Split(Path.PathSeparator) ?? Defaults.PluginPath)
        {
            foreach (string path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
            {
                candidates.Add(Path.GetFileName(path), path);
            }
        }
    }
}
