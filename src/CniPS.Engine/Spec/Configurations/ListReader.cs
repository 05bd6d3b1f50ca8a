using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace CniPS.Spec;

/// <summary>Reads a network configuration list's text, in the order in which libcni looks at its keys.</summary>
internal static class ListReader
{
    /// <summary>Reads a list.</summary>
    /// <param name="bytes">The text.</param>
    /// <param name="source">The file it comes from.</param>
    /// <param name="report">
    /// Takes errors where all are wanted (but what is no JSON object is always thrown); null to throw the first.
    /// </param>
    public static NetworkConfigurationList Read(ReadOnlyMemory<byte> bytes, string? source, Action<CniException>? report = null) =>
        Read(JsonText.Parse(bytes, source, ListContext.Prefix), report);

    /// <summary>Reads a list whose JSON has been read already.</summary>
    public static NetworkConfigurationList Read(JsonText text, Action<CniException>? report = null)
    {
        var list = new ListContext(text, report);
        if (text.Root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            throw text.Invalid(
                JsonPath.Root,
                $"{ListContext.Prefix}it must be an object, not {JsonKind.WithArticle(text.Root)}",
                "Write { \"name\": …, \"plugins\": […] }.");
        }

        string name = Name(list);
        string cniVersion = Version(list);
        if (list.TryGet("cniVersions", out JsonElement versions))
        {
            cniVersion = VersionSelection.Select(list, cniVersion, versions);
        }

        bool disableCheck = list.Flag("disableCheck");
        bool disableGC = list.Flag("disableGC");
        bool onlyInlined = list.Flag("loadOnlyInlinedPlugins");
        return new NetworkConfigurationList(text.Bytes, text.File, name, cniVersion, Plugins(list, onlyInlined))
        {
            DisableCheck = disableCheck,
            DisableGC = disableGC,
            LoadOnlyInlinedPlugins = onlyInlined,
            Text = text,
        };
    }

    private static string Name(ListContext list)
    {
        const string Action = "Add \"name\": the network's name.";
        JsonPath path = JsonPath.Root.Property("name");
        if (!list.TryGet("name", out JsonElement name))
        {
            list.Report(path, "no name", Action);
        }
        else if (name.ValueKind != JsonValueKind.String)
        {
            list.Report(path, $"invalid name type {JsonKind.Name(name)}", Action);
        }

        return name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
    }

    private static string Version(ListContext list)
    {
        if (!list.TryGet("cniVersion", out JsonElement version))
        {
            return "";
        }

        if (version.ValueKind != JsonValueKind.String)
        {
            list.Report(
                JsonPath.Root.Property("cniVersion"),
                $"invalid cniVersion type {JsonKind.Name(version)}",
                $"Write it as a string: \"cniVersion\": \"{CniVersion.Current}\".");
            return "";
        }

        return version.GetString()!;
    }

    private static List<PluginConfiguration> Plugins(ListContext list, bool onlyInlined)
    {
        const string Action = "Write \"plugins\": [ { \"type\": … } ].";
        JsonPath path = JsonPath.Root.Property("plugins");
        var plugins = new List<PluginConfiguration>();
        if (!list.TryGet("plugins", out JsonElement entries))
        {
            if (onlyInlined)
            {
                list.Report(path, "`loadOnlyInlinedPlugins` is true, and no 'plugins' key", Action);
            }

            return plugins;
        }

        if (entries.ValueKind != JsonValueKind.Array)
        {
            list.Report(path, $"invalid 'plugins' type {JsonKind.Name(entries)}", Action);
            return plugins;
        }

        if (entries.GetArrayLength() == 0)
        {
            list.Report(path, "no plugins in list", Action);
        }

        foreach (JsonElement entry in entries.EnumerateArray())
        {
            string index = plugins.Count.ToString(CultureInfo.InvariantCulture);
            string prefix = $"failed to parse plugin config {index}: {PluginChecks.Prefix}";
            plugins.Add(PluginConfiguration.Read(list.Text, path.Element(plugins.Count), entry, prefix, list.Sink));
        }

        return plugins;
    }
}
