using System;
using System.Collections.Generic;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether what plugins take at run time is declared, and what is declared is taken (CONVENTIONS, "capabilities").</summary>
internal static class CapabilityCheck
{
    private const string RuntimeConfig = "runtimeConfig";

    // What the reference plugins take that are no native ones (yet, or in every version).
    private static readonly Dictionary<string, string[]> s_programs = new(StringComparer.Ordinal)
    {
        ["bandwidth"] = ["bandwidth"],
        ["bridge"] = ["mac"],
        ["dnsname"] = ["aliases"],
        ["host-device"] = ["deviceID"],
        ["host-local"] = ["ipRanges", "ips"],
        ["macvlan"] = ["mac"],
        ["portmap"] = ["portMappings"],
        ["static"] = ["ips"],
        ["tuning"] = ["mac"],
    };

    // Those that do nothing at all without.
    private static readonly (string Type, string Capability)[] s_essential = [("portmap", "portMappings")];

    private static readonly string[] s_wellKnown =
        ["portMappings", "ipRanges", "bandwidth", "dns", "ips", "mac", "infinibandGUID", "deviceID", "aliases", "cgroupPath"];

    internal static void Check(NetworkConfigurationList list, ProblemCollector problems)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            CheckMissing(plugin, problems);
            CheckRuntimeConfig(plugin, problems);
            foreach ((string capability, bool isWanted) in plugin.Capabilities)
            {
                if (isWanted && Understands(plugin, capability) != true)
                {
                    CheckDeclared(list, plugin, capability, problems);
                }
            }
        }
    }

    private static void CheckMissing(PluginConfiguration plugin, ProblemCollector problems)
    {
        foreach ((string type, string capability) in s_essential)
        {
            if (plugin.Type == type && !IsDeclared(plugin, capability))
            {
                problems.Add(
                    CniErrorIds.CapabilityNotDeclared,
                    ProblemSeverity.Warning,
                    plugin,
                    JsonPath.Root.Property("type"),
                    $"{type} does nothing here, since it does not declare the capability {capability}",
                    Declare(capability));
            }
        }
    }

    private static void CheckRuntimeConfig(PluginConfiguration plugin, ProblemCollector problems)
    {
        foreach (string capability in Keys(plugin))
        {
            if (!IsDeclared(plugin, capability))
            {
                problems.Add(
                    CniErrorIds.CapabilityNotDeclared,
                    ProblemSeverity.Warning,
                    plugin,
                    JsonPath.Root.Property(RuntimeConfig).Property(capability),
                    $"{RuntimeConfig}.{capability} stands in the file, and the capability {capability} is not declared: no runtime can set it",
                    Declare(capability));
            }
        }
    }

    private static void CheckDeclared(NetworkConfigurationList list, PluginConfiguration plugin, string capability, ProblemCollector problems)
    {
        bool? understood = Understands(plugin, capability);
        string? other = null, nearest = NearestWord.Find(capability, s_wellKnown);
        foreach (PluginConfiguration candidate in list.Plugins)
        {
            other ??= Understands(candidate, capability) == true ? candidate.Type : null;
        }

        // Of a program that nobody here knows, only a slip of the pen can be told.
        bool isSlip = nearest is not null && nearest != capability;
        if (understood == false || isSlip)
        {
            problems.Add(
                CniErrorIds.UnknownCapability,
                ProblemSeverity.Warning,
                plugin,
                JsonPath.Root.Property("capabilities").Property(capability),
                other is null ? $"no plugin of this network has the capability {capability}" : $"{plugin.Type} does not have the capability {capability}",
                other is not null ? $"{other} has it: declare it there."
                : isSlip ? $"Did you mean \"{nearest}\"?"
                : "Leave it out, or add a plugin that has it.");
        }
    }

    /// <summary>Whether a plugin, or the one it delegates to, takes a capability; null where that is not known.</summary>
    private static bool? Understands(PluginConfiguration plugin, string capability)
    {
        bool? main = Understands(plugin.Type, capability);
        bool? ipam = plugin.IpamType.Length > 0 ? Understands(plugin.IpamType, capability) : false;
        return main == true || ipam == true ? true : main is null || ipam is null ? null : false;
    }

    private static bool? Understands(string type, string capability)
    {
        bool isKnown = s_programs.TryGetValue(type, out string[]? taken);
        if (taken is not null && Array.IndexOf(taken, capability) >= 0)
        {
            return true;
        }

        if (NativePlugins.Find(type) is { } native)
        {
            isKnown = true;
            foreach (PluginKey key in native.Schema.Keys)
            {
                if (key.Path == $"{RuntimeConfig}.{capability}" || key.Path.StartsWith($"{RuntimeConfig}.{capability}.", StringComparison.Ordinal)
                    || key.Path.StartsWith($"{RuntimeConfig}.{capability}[", StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return isKnown ? false : null;
    }

    private static List<string> Keys(PluginConfiguration plugin)
    {
        List<string> keys = [];
        new JsonFields(plugin.Json, ignoreCase: true).TryGet(RuntimeConfig, out _, out System.Text.Json.JsonElement runtime);
        foreach ((string key, _) in new JsonFields(runtime, ignoreCase: false).All)
        {
            keys.Add(key);
        }

        return keys;
    }

    private static bool IsDeclared(PluginConfiguration plugin, string capability) =>
        plugin.Capabilities.TryGetValue(capability, out bool isWanted) && isWanted;

    private static string Declare(string capability) => $"Declare it: \"capabilities\": {{ \"{capability}\": true }}.";
}
