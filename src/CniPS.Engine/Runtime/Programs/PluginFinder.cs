using System.Collections.Generic;
using System.IO;
using CniPS.Linux.Programs;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Looks plugin programs up on a path (SPEC, section 3, "Execution of network configurations"; with libcni's rules and words).</summary>
public static class PluginFinder
{
    /// <summary>The program of a type: the first regular file of that name, whether it can be executed or not.</summary>
    /// <param name="type">The plugin's type.</param>
    /// <param name="folders">Where to look, in this order.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="CniException"><see cref="RuntimeErrorIds.PluginNotFound"/>.</exception>
    public static string Find(string type, IReadOnlyList<string> folders)
    {
        if (type.Length == 0)
        {
            throw NotFound(type, "no plugin name provided", "Give the plugin configuration a \"type\".");
        }

        if (type.Contains('/'))
        {
            throw NotFound(type, $"invalid plugin name: {type}", "A plugin's type is a file name without folders: put the folder on the path (-PluginPath, CNI_PATH).");
        }

        if (folders.Count == 0)
        {
            throw NotFound(type, "no paths provided", "Name the folders of the plugins (-PluginPath, CNI_PATH).");
        }

        return TryFind(type, folders) ?? throw NotFound(
            type, $"failed to find plugin {GoText.Quote(type)} in path [{string.Join(' ', folders)}]", Advice(type));
    }

    /// <summary>As <see cref="Find"/>, but null where there is none.</summary>
    public static string? TryFind(string type, IReadOnlyList<string> folders)
    {
        if (type.Length == 0 || type.Contains('/') || type.Contains('\0'))
        {
            return null; // no file has such a name
        }

        foreach (string folder in folders)
        {
            if (folder.Contains('\0'))
            {
                continue;
            }

            string path = Path.IsPathRooted(folder) ? Path.GetFullPath(type, folder) : Path.Join(folder, type);
            if (ProgramFile.IsRegular(path))
            {
                return path;
            }
        }

        return null;
    }

    internal static CniException NotFound(string type, string message, string action) =>
        new(RuntimeErrorIds.PluginNotFound, CniErrorCode.Internal, message) { PluginType = type, Target = type, RecommendedAction = action };

    private static string Advice(string type) => NativePlugins.Find(type) is not null
        ? "This plugin is built in: allow native plugins (-PluginSource NativeFirst), or install its program into one of these folders."
        : "Install the plugin into one of these folders, or add its own folder to the path (-PluginPath, CNI_PATH).";
}
