using System;
using System.Collections.Generic;
using CniPS.Plugins;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>What native plugins have to say of their configurations: values that they refuse, and keys that they don't know.</summary>
internal static class NativeCheck
{
    // Below these, a plugin and the one it delegates to read the same objects.
    private static readonly string[] s_common = ["args", "runtimeConfig"];

    /// <summary>Has each native plugin read its configuration.</summary>
    /// <param name="list">The network.</param>
    /// <param name="isNative">Whether a type's native plugin is the one that runs.</param>
    /// <param name="problems">Takes what is wrong.</param>
    internal static void Check(NetworkConfigurationList list, Func<string, bool> isNative, ProblemCollector problems)
    {
        foreach (PluginUse use in PluginUse.Of(list))
        {
            if (isNative(use.Type) && NativePlugins.Find(use.Type) is { } plugin)
            {
                Validate(plugin, list, use, problems);
            }
        }

        foreach (PluginConfiguration plugin in list.Plugins)
        {
            ICniPlugin? main = isNative(plugin.Type) ? NativePlugins.Find(plugin.Type) : null;
            ICniPlugin? ipam = isNative(plugin.IpamType) ? NativePlugins.Find(plugin.IpamType) : null;
            FindUnknownKeys(plugin, main, ipam, problems);
        }
    }

    private static void Validate(ICniPlugin plugin, NetworkConfigurationList list, PluginUse use, ProblemCollector problems)
    {
        // A version that is none has been told of; the keys are looked at all the same.
        string version = CniVersion.TryParse(list.CniVersion, out _) ? list.CniVersion : CniVersion.Current;
        try
        {
            plugin.Validate(new PluginCall(new PluginRequest
            {
                Verb = CniVerb.Add,
                Config = default,
                Configuration = use.Configuration.Collecting(list.Name, version, error => problems.Add(error, use.Type)),
            }));
        }
        catch (CniException e)
        {
            problems.Add(e, use.Type);
        }
    }

    private static void FindUnknownKeys(PluginConfiguration plugin, ICniPlugin? main, ICniPlugin? ipam, ProblemCollector problems)
    {
        Dictionary<string, UnknownKey> ofMain = Unknown(plugin, main), ofIpam = Unknown(plugin, ipam);
        foreach ((string path, UnknownKey key) in ofMain)
        {
            string top = Top(key.Path);
            bool isDelegates = plugin.IpamType.Length > 0 && (top == "ipam" || Array.IndexOf(s_common, top) >= 0);
            if (!isDelegates || (ofIpam.ContainsKey(path) && top != "ipam"))
            {
                Report(plugin, key, plugin.Type, problems);
            }
        }

        foreach (UnknownKey key in ofIpam.Values)
        {
            if (Top(key.Path) == "ipam")
            {
                Report(plugin, key, plugin.IpamType, problems);
            }
        }
    }

    private static Dictionary<string, UnknownKey> Unknown(PluginConfiguration plugin, ICniPlugin? native)
    {
        Dictionary<string, UnknownKey> found = new(StringComparer.Ordinal);
        foreach (UnknownKey key in native is null || plugin.Json.ValueKind != System.Text.Json.JsonValueKind.Object ? [] : native.Schema.FindUnknownKeys(plugin))
        {
            found[key.Path.ToString()] = key;
        }

        return found;
    }

    private static void Report(PluginConfiguration plugin, UnknownKey key, string type, ProblemCollector problems) => problems.AddAtName(
        CniErrorIds.UnknownKey,
        plugin,
        key.Path,
        $"unknown key \"{key.Path}\": {type} does not read it",
        key.Nearest is null ? "Leave it out, or look the plugin's keys up." : $"Did you mean \"{key.Nearest}\"?");

    private static string Top(JsonPath path)
    {
        while (path.Parent is { Parent: not null } parent)
        {
            path = parent;
        }

        return path.Name ?? "";
    }
}
