using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.Linq;
using System.Net;
using CniPS.Plugins.Catalog;
using CniPS.Spec;

namespace CniPS;

/// <summary>
/// A network by its settings: a plugin that gives the container its interface, where addresses come from, and the plugins behind it. What a
/// native plugin has no key for is refused, by its declaration.
/// </summary>
internal sealed record NetworkSettings
{
    private const long LeastBurst = 8 * 32 * 1024; // a packet as the kernel hands it on, half of the largest, must fit
    private const long MostBurst = 8 * (uint.MaxValue - 1L); // the plugin's limit

    internal required string Name { get; init; }

    internal required string CniVersion { get; init; }

    /// <summary>The plugin that gives the container its interface.</summary>
    internal required string Type { get; init; }

    /// <summary>Its keys in order: the parameter, the keys that could be meant (the first one that the plugin has), the value.</summary>
    internal IReadOnlyList<(string Parameter, string[] Keys, object Value)> Keys { get; init; } = [];

    internal AddressSettings Addresses { get; init; } = new();

    internal IReadOnlyList<IPAddress> DnsServers { get; init; } = [];

    internal IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>More keys of the first plugin, as <c>Set-CniNetwork</c> takes them.</summary>
    internal IDictionary? Property { get; init; }

    /// <summary>Whether there is no way out.</summary>
    internal bool Internal { get; init; }

    internal bool PortMapping { get; init; }

    internal bool Firewall { get; init; }

    /// <summary>Whether containers of other such networks are kept out.</summary>
    internal bool Isolated { get; init; }

    internal BitRate? Bandwidth { get; init; }

    /// <summary>The configuration list.</summary>
    /// <exception cref="CniException">Settings exclude one another, the plugin has no such key, or refuses a value.</exception>
    internal NetworkConfigurationList ToList()
    {
        RefuseContradictions();
        List<object> plugins = [Interface()];
        if (PortMapping)
        {
            plugins.Add(new OrderedDictionary { ["type"] = "portmap", ["capabilities"] = new OrderedDictionary { ["portMappings"] = true } });
        }

        if (Firewall || Isolated)
        {
            OrderedDictionary firewall = new() { ["type"] = "firewall" };
            if (Isolated)
            {
                firewall["ingressPolicy"] = "same-bridge";
            }

            plugins.Add(firewall);
        }

        if (Bandwidth is { BitsPerSecond: long rate })
        {
            long burst = Math.Clamp(rate / 10, LeastBurst, MostBurst);
            plugins.Add(new OrderedDictionary
            {
                ["type"] = "bandwidth", ["ingressRate"] = rate, ["ingressBurst"] = burst, ["egressRate"] = rate, ["egressBurst"] = burst,
            });
        }

        return NetworkText.FromPlugins(Name, CniVersion, [.. plugins], disableCheck: false);
    }

    private OrderedDictionary Interface()
    {
        OrderedDictionary plugin = new() { ["type"] = Type };
        foreach ((string parameter, string[] keys, object value) in Keys)
        {
            plugin[KeyOf(parameter, keys)] = value;
        }

        foreach (string key in Internal ? (string[])["isGateway", "ipMasq"] : [])
        {
            if (Has(key))
            {
                plugin[key] = false;
            }
        }

        if (Addresses.ToTable() is { } ipam)
        {
            plugin["ipam"] = ipam;
        }

        if (DnsServers.Count > 0)
        {
            plugin["dns"] = new OrderedDictionary { ["nameservers"] = DnsServers.Select(server => server.ToString()).ToArray() };
        }

        if (Capabilities.Count > 0)
        {
            OrderedDictionary capabilities = [];
            foreach (string capability in Capabilities)
            {
                capabilities[capability] = true;
            }

            plugin["capabilities"] = capabilities;
        }

        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            Set(plugin, Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "", entry.Value);
        }

        return plugin;
    }

    private void RefuseContradictions()
    {
        if (Isolated && Type != "bridge")
        {
            throw Refused($"-Isolated goes with bridges: firewall tells networks apart by them, and {Type} makes none");
        }

        if (!Internal)
        {
            return;
        }

        List<string> ways = [.. Keys.Where(key => key.Parameter is "IsGateway" or "IsDefaultGateway" or "Masquerade").Select(key => "-" + key.Parameter)];
        if (PortMapping)
        {
            ways.Add("-PortMapping");
        }

        if (Addresses.Routes.Any(route => route.Destination.Length == 0))
        {
            ways.Add("a default route");
        }

        if (ways.Count > 0)
        {
            throw Refused($"-Internal and {string.Join(", ", ways)} exclude one another: an internal network has no way out");
        }
    }

    private bool Has(string key) => NativePlugins.Find(Type)?.Schema.Keys.Any(declared => declared.Path == key) == true;

    private string KeyOf(string parameter, string[] keys) =>
        NativePlugins.Find(Type) is null ? keys[0]
        : keys.FirstOrDefault(Has) ?? throw Refused(
            $"-{parameter} does not go with -Type {Type}, which has no {keys[0]}", $"Get-CniPlugin {Type} | ForEach-Object Keys lists what it has.");

    private static void Set(OrderedDictionary table, string key, object? value)
    {
        string[] steps = key.Split('.');
        foreach (string step in steps[..^1])
        {
            table[step] = table[step] is null ? new OrderedDictionary() : table[step];
            table = table[step] as OrderedDictionary ?? throw Refused($"\"{step}\" in \"{key}\" is no object", "Give the whole value of that key.");
        }

        if (value is null)
        {
            table.Remove(steps[^1]);
        }
        else
        {
            table[steps[^1]] = value;
        }
    }

    private static CniException Refused(string message, string action = "Leave one of them out.") =>
        new(CniErrorIds.InvalidArgs, CniErrorCode.Unknown, message) { RecommendedAction = action };
}
