using System;
using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>Everything that is wrong with a network configuration, not only the first thing.</summary>
internal static class ListProblems
{
    /// <summary>Looks through a list or a single plugin's configuration.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="source">The file it comes from.</param>
    /// <param name="list">What could be read, as far as it goes; null where the text is no JSON object.</param>
    public static List<CniException> Find(ReadOnlyMemory<byte> bytes, string? source, out NetworkConfigurationList? list)
    {
        var problems = new List<CniException>();
        list = null;
        try
        {
            JsonText text = JsonText.Parse(bytes, source, ListContext.Prefix);
            bool single = new JsonFields(text.Root, ignoreCase: true).TryGet("type", out _, out _)
                && !new JsonFields(text.Root, ignoreCase: false).TryGet("plugins", out _, out _);
            list = single
                ? NetworkConfigurationList.FromPlugin(
                    PluginConfiguration.Read(text, JsonPath.Root, text.Root, PluginChecks.Prefix, problems.Add))
                : ListReader.Read(text, problems.Add);
            CheckName(text, list.Name, single, problems);
            CheckVersion(text, list.CniVersion, problems);
        }
        catch (CniException e)
        {
            problems.Add(e);
        }

        return problems;
    }

    private static void CheckName(JsonText text, string name, bool single, List<CniException> problems)
    {
        // Of a list without a name, its reader has told; a single plugin's file is read without one, but can't be run.
        JsonPath path = JsonPath.Root.Property("name");
        if ((!single && JsonLocator.Find(text.Bytes, text.File, path) is null) || CniNames.IsValidNetworkName(name))
        {
            return;
        }

        try
        {
            CniNames.ValidateNetworkName(name);
        }
        catch (CniException e)
        {
            problems.Add(text.Invalid(path, e.Message, e.RecommendedAction));
        }
    }

    private static void CheckVersion(JsonText text, string version, List<CniException> problems)
    {
        if (version.Length > 0 && !CniVersion.IsKnown(version))
        {
            problems.Add(text.Invalid(
                JsonPath.Root.Property("cniVersion"),
                $"unknown cniVersion {GoText.Quote(version)}",
                $"Write one of {string.Join(", ", CniVersion.All)}."));
        }
    }
}
