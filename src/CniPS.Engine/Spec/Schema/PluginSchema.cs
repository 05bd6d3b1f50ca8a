using System;
using System.Collections.Generic;

namespace CniPS.Spec;

/// <summary>
/// The keys that a plugin knows, declared once: for its documentation, and to find misspelled ones. The keys that the specification gives
/// every plugin are known without being declared.
/// </summary>
public sealed class PluginSchema
{
    private static readonly string[] Everyones =
    [
        "cniVersion", "name", "type", "args", "capabilities", "dns", "ipam", "prevResult", "runtimeConfig",
        "cni.dev/valid-attachments", "cni.dev/attachments",
    ];

    private readonly SchemaNode _root = new();

    /// <summary>Declares a plugin's keys.</summary>
    /// <param name="type">The plugin's <c>type</c>.</param>
    /// <param name="keys">The keys, in the order of its documentation.</param>
    public PluginSchema(string type, IReadOnlyList<PluginKey> keys)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(keys);
        Type = type;
        Keys = keys;
        foreach (string key in Everyones)
        {
            _root.Child(key);
        }

        _root.Add("args.*"); // what others mean for others (CONVENTIONS, "args")
        foreach (PluginKey key in keys)
        {
            _root.Add(key.Path);
        }
    }

    /// <summary>The plugin's <c>type</c>.</summary>
    public string Type { get; }

    /// <summary>The keys, in the order of the plugin's documentation.</summary>
    public IReadOnlyList<PluginKey> Keys { get; }

    /// <summary>Finds the keys of a configuration that the plugin doesn't know, wherever keys are declared.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>The unknown keys, in the text's order.</returns>
    public IReadOnlyList<UnknownKey> FindUnknownKeys(PluginConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var unknown = new List<UnknownKey>();
        var top = new PluginConfigReader(configuration);
        _root.FindUnknown(new PluginConfigValue(configuration.Context, JsonPath.Root, top.Json), (path, nearest) =>
            unknown.Add(new UnknownKey(path, nearest, configuration.LocateName(path))));
        return unknown;
    }
}
