using System;
using System.Collections.Generic;
using System.Linq;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Keys of the list itself that nobody reads, or that are missed.</summary>
internal static class ListKeyCheck
{
    internal static void Check(NetworkConfigurationList list, ProblemCollector problems)
    {
        CheckVersion(list, problems);
        if (list.Text is not { } text)
        {
            return; // a single plugin's configuration has only that plugin's keys
        }

        foreach ((string key, _) in new JsonFields(text.Root, ignoreCase: false).All)
        {
            if (!ListContext.Keys.Contains(key))
            {
                string? nearest = NearestWord.Find(key, ListContext.Keys);
                problems.Add(
                    CniErrorIds.UnknownKey,
                    ProblemSeverity.Warning,
                    text.Locate(JsonPath.Root.Property(key), atName: true),
                    key,
                    $"unknown key \"{key}\" of the list: nobody reads it",
                    nearest is not null ? $"Did you mean \"{nearest}\"?" : "What is meant for a plugin belongs into its entry of \"plugins\".");
            }
        }
    }

    private static void CheckVersion(NetworkConfigurationList list, ProblemCollector problems)
    {
        if (list.CniVersion.Length == 0 && !problems.Has("cniVersion"))
        {
            problems.Add(
                CniErrorIds.VersionNotGiven,
                ProblemSeverity.Warning,
                list.Text is null ? list.Plugins[0].Locate(JsonPath.Root) : list.Locate(JsonPath.Root),
                "cniVersion",
                $"no cniVersion is given, which means {CniVersion.Oldest}: without CHECK, GC and STATUS",
                $"Write \"cniVersion\": \"{CniVersion.Current}\", or the highest version that all plugins speak.");
        }
    }
}
