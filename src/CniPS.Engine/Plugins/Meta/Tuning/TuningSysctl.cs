using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>A kernel parameter that is to be set.</summary>
/// <param name="Key">As the configuration names it; the allow list speaks of this.</param>
/// <param name="Name">Below /proc/sys, with slashes.</param>
/// <param name="Value">Its value.</param>
internal sealed record TuningSysctl(string Key, string Name, string Value)
{
    private const string Root = "net/";

    /// <summary>Whether a value read from the kernel is this one, however it is spaced.</summary>
    internal bool Is(string actual) => Words(actual) == Words(Value);

    /// <summary>Reads the parameters of the configuration, and those of <c>args.cni</c>, which go before them.</summary>
    /// <exception cref="CniException">One is named twice, or is none of the network's.</exception>
    internal static IReadOnlyList<TuningSysctl> Read(PluginConfigReader? configured, PluginConfigReader? arguments, string interfaceName)
    {
        List<TuningSysctl> all = Read(configured, interfaceName);
        foreach (TuningSysctl sysctl in Read(arguments, interfaceName))
        {
            int same = all.FindIndex(other => other.Name == sysctl.Name);
            if (same >= 0)
            {
                all[same] = sysctl;
            }
            else
            {
                all.Add(sysctl);
            }
        }

        return all;
    }

    private static List<TuningSysctl> Read(PluginConfigReader? parent, string interfaceName)
    {
        List<TuningSysctl> all = [];
        if (parent is null)
        {
            return all;
        }

        // Every property, those of the same name too: which of them counts must not be left to chance.
        foreach (JsonProperty property in parent.Json.EnumerateObject())
        {
            string name = NameOf(parent, property.Name, interfaceName);
            if (all.Exists(other => other.Name == name))
            {
                throw parent.Error(property.Name, "duplicated sysctl keys are not allowed", $"Leave only one of those that set {name}.");
            }

            all.Add(new TuningSysctl(property.Name, name, parent.GetString(property.Name) ?? ""));
        }

        return all;
    }

    // net.ipv4.conf.IFNAME.arp_filter, with dots or slashes. The interface's own name may have dots in it, and keeps them.
    private static string NameOf(PluginConfigReader parent, string key, string interfaceName)
    {
        string path = key.Replace('.', '/');
        int at = path.IndexOf("IFNAME", StringComparison.Ordinal);
        string name = string.Join('/', (at < 0 ? path : path[..at] + interfaceName + path[(at + "IFNAME".Length)..]).Split('/', StringSplitOptions.RemoveEmptyEntries));
        return name.StartsWith(Root, StringComparison.Ordinal) ? name : throw parent.Error(
            key, $"invalid net sysctl key: {GoText.Quote(path)}", "Only parameters whose name begins with net. belong to a network namespace.");
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
