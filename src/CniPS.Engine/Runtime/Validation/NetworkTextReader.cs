using System;
using System.Collections.Generic;
using System.IO;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Reads a network's configuration as far as it goes, with all that is wrong with the text.</summary>
internal static class NetworkTextReader
{
    /// <summary>Reads a text.</summary>
    /// <returns>What could be read; null where that is not even a JSON object.</returns>
    internal static NetworkConfigurationList? Read(ReadOnlyMemory<byte> text, string? source, ProblemCollector problems)
    {
        List<CniException> found = ListProblems.Find(text, source, out NetworkConfigurationList? list);
        problems.Network = list?.Name ?? "";
        found.ForEach(error => problems.Add(error));
        return list;
    }

    /// <summary>Reads a file, and the plugins of its folder.</summary>
    internal static NetworkConfigurationList? ReadFile(string path, ProblemCollector problems)
    {
        try
        {
            NetworkConfigurationList? list = Read(ConfigurationFiles.Read(path), path, problems);
            CheckFileName(path, list, problems);
            return list?.Text is null ? list : list.With([.. list.Plugins, .. FolderPlugins(list, path, problems)]);
        }
        catch (CniException e)
        {
            problems.Add(e);
            return null;
        }
    }

    private static List<PluginConfiguration> FolderPlugins(NetworkConfigurationList list, string path, ProblemCollector problems)
    {
        List<PluginConfiguration> plugins = [];
        foreach (string file in list.LoadOnlyInlinedPlugins || list.Name.Length == 0 ? [] : ConfigurationFiles.FolderFiles(path, list.Name))
        {
            try
            {
                JsonText text = JsonText.Parse(ConfigurationFiles.Read(file), file, PluginChecks.Prefix);
                plugins.Add(PluginConfiguration.Read(text, JsonPath.Root, text.Root, PluginChecks.Prefix, e => problems.Add(e)));
            }
            catch (CniException e)
            {
                problems.Add(e);
            }
        }

        bool hasKey = new JsonFields(list.Text!.Root, ignoreCase: false).TryGet("plugins", out _, out _);
        if (!hasKey && !list.LoadOnlyInlinedPlugins && plugins.Count == 0)
        {
            problems.Add(list.Text.Invalid(
                JsonPath.Root,
                "no plugin configs found",
                $"Add \"plugins\", or put plugin configurations into {Path.Join(Path.GetDirectoryName(path), list.Name)}/*.conf."));
        }

        return plugins;
    }

    private static void CheckFileName(string path, NetworkConfigurationList? list, ProblemCollector problems)
    {
        bool isSingle = list is not null && list.Text is null;
        if (list is null || isSingle != ConfigurationFiles.IsList(path))
        {
            return;
        }

        SourcePosition start = new(path, 1, 1);
        if (isSingle)
        {
            problems.Add(
                CniErrorIds.MisnamedFile, ProblemSeverity.Error, start, null,
                "a .conflist file holds a list of plugins, and this is a single plugin's configuration",
                "Write it as an entry of \"plugins\", or rename the file to " + Path.ChangeExtension(Path.GetFileName(path), ".conf") + ".");
        }
        else
        {
            problems.Add(
                CniErrorIds.MisnamedFile, ProblemSeverity.Warning, start, null,
                "this is a list of plugins, which container runtimes look for in files that end in .conflist",
                "Rename the file to " + Path.ChangeExtension(Path.GetFileName(path), ".conflist") + ".");
        }
    }
}
