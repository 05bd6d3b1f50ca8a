using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using CniPS.Linux.Host;
using CniPS.Linux.Programs;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>The plugins there are.</summary>
public static class PluginInventory
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // `cnips install` puts them beside the links that are plugins; under their own names they are none.
    private const string OurExecutable = "cnips", OurCommands = "cnips-cli";

    /// <summary>How long a program may take to answer VERSION, where nothing else was said.</summary>
    internal static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Lists the native plugins, and the executable files of the path's folders, by type; of a type, the one that is used comes first. Each
    /// program is asked for its VERSION as it is listed.
    /// </summary>
    /// <param name="host">The machine.</param>
    /// <param name="options">The path, and what is taken from where.</param>
    /// <param name="wanted">Which types.</param>
    /// <param name="cancellation">Stops it between two programs.</param>
    public static IEnumerable<FoundPlugin> List(
        IHost host, RuntimeOptions options, Predicate<string> wanted, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wanted);
        SortedDictionary<string, List<string>> programs = Programs(options.PluginPath);
        foreach (string type in NativePlugins.Types)
        {
            programs.TryAdd(type, []);
        }

        foreach ((string type, List<string> paths) in programs)
        {
            if (wanted(type))
            {
                foreach (FoundPlugin plugin in OfType(host, options, type, paths, cancellation))
                {
                    yield return plugin;
                }
            }
        }
    }

    private static IEnumerable<FoundPlugin> OfType(
        IHost host, RuntimeOptions options, string type, List<string> paths, CancellationToken cancellation)
    {
        bool isNativeUsed = NativePlugins.Find(type) is not null && options.PluginSource != PluginSource.Path;
        string? used = isNativeUsed || options.PluginSource == PluginSource.Native ? null : PluginFinder.TryFind(type, options.PluginPath);
        FoundPlugin? native = NativePlugins.Find(type) is { } plugin
            ? new FoundPlugin(type, null, isNativeUsed) { SupportedVersions = plugin.SupportedVersions }
            : null;
        if (native is { IsUsed: true })
        {
            yield return native;
        }

        foreach (string path in paths)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Ask(host, options, new FoundPlugin(type, path, path == used), cancellation);
        }

        if (native is { IsUsed: false })
        {
            yield return native;
        }
    }

    private static FoundPlugin Ask(IHost host, RuntimeOptions options, FoundPlugin found, CancellationToken cancellation)
    {
        RuntimeOptions alone = options with { PluginSource = PluginSource.Path, Timeout = options.Timeout ?? VersionTimeout };
        try
        {
            string folder = Path.GetDirectoryName(found.Path)!;
            return found with { SupportedVersions = new PluginInvoker(host, alone).Version(found.Type, [folder], cancellation).SupportedVersions };
        }
        catch (CniException e)
        {
            return found with { Failure = e };
        }
    }

    private static SortedDictionary<string, List<string>> Programs(IReadOnlyList<string> folders)
    {
        SortedDictionary<string, List<string>> programs = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string folder in folders)
        {
            foreach (string path in Files(folder))
            {
                if (seen.Add(path))
                {
                    string type = Path.GetFileName(path);
                    (programs.TryGetValue(type, out List<string>? paths) ? paths : programs[type] = []).Add(path);
                }
            }
        }

        return programs;
    }

    // A folder that is missing, or may not be read, has no plugins to offer; neither has a link that leads nowhere.
    private static List<string> Files(string folder)
    {
        List<string> files = [];
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder))
            {
                string joined = Path.Join(folder, Path.GetFileName(path));
                if (Path.GetFileName(path) is not (OurExecutable or OurCommands) && ProgramFile.IsRegular(joined) && (File.GetUnixFileMode(joined) & Executable) != 0)
                {
                    files.Add(joined);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return files;
        }

        return files;
    }
}
