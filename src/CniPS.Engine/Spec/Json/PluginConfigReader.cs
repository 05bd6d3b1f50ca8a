using System;
using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS.Spec;

/// <summary>
/// Reads an object of a plugin configuration as the Go plugins do: keys in any case, the last of several counts, <c>null</c> is the same as
/// absent. A value of the wrong type raises <see cref="CniErrorIds.InvalidNetworkConfig"/> (code 7), which names the key by its whole path
/// (<c>ipam.ranges[0][1].rangeStart</c>) and has its file, line and column.
/// </summary>
public sealed class PluginConfigReader
{
    private readonly JsonContext _context;
    private readonly JsonFields _fields;

    /// <summary>Begins at the top of a plugin configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    public PluginConfigReader(JsonSubject configuration)
        : this((configuration ?? throw new ArgumentNullException(nameof(configuration))).Context, JsonPath.Root, configuration.Json)
    {
    }

    internal PluginConfigReader(JsonContext context, JsonPath path, JsonElement json)
    {
        _context = context;
        _fields = new JsonFields(json, ignoreCase: true);
        Path = path;
        Json = json;
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            new PluginConfigValue(context, path, json).AsObject();
        }
    }

    /// <summary>This object's path in the plugin configuration.</summary>
    public JsonPath Path { get; }

    /// <summary>This object as it stands.</summary>
    public JsonElement Json { get; }

    /// <summary>A key's value.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value, or null where the key is absent or <c>null</c>.</returns>
    public PluginConfigValue? this[string key] => Find(key) is { IsNull: false } value ? value : null;

    /// <summary>Whether a key is there and not <c>null</c>.</summary>
    public bool Has(string key) => this[key] is not null;

    /// <summary>A string, or null where it is absent.</summary>
    public string? GetString(string key) => this[key]?.AsString();

    /// <summary>A boolean.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">What it is where it is absent.</param>
    public bool GetBool(string key, bool defaultValue = false) => this[key]?.AsBool() ?? defaultValue;

    /// <summary>A whole number of 32 bits, or null where it is absent.</summary>
    public int? GetInt(string key) => this[key]?.AsInt();

    /// <summary>A whole number of 64 bits, or null where it is absent.</summary>
    public long? GetLong(string key) => this[key]?.AsLong();

    /// <summary>An object, or null where it is absent.</summary>
    public PluginConfigReader? GetObject(string key) => this[key]?.AsObject();

    /// <summary>An array, or null where it is absent.</summary>
    public IReadOnlyList<PluginConfigValue>? GetArray(string key) => this[key]?.AsArray();

    /// <summary>An array of strings, empty where it is absent.</summary>
    public IReadOnlyList<string> GetStrings(string key) => this[key]?.AsStrings() ?? [];

    /// <summary>An IP address, or null where it is absent or empty.</summary>
    public IPAddress? GetIp(string key) => this[key]?.AsIp();

    /// <summary>An address with a prefix length, or null where it is absent or empty.</summary>
    public IpPrefix? GetPrefix(string key) => this[key]?.AsPrefix();

    /// <summary>A MAC address, or null where it is absent or empty.</summary>
    public MacAddress? GetMac(string key) => this[key]?.AsMac();

    /// <summary>
    /// Every property in the text's order, names as spelled; of several of exactly the same name the last. Values may be <c>null</c>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, PluginConfigValue>> Properties()
    {
        var properties = new List<KeyValuePair<string, PluginConfigValue>>(_fields.All.Length);
        JsonFields exact = _fields.Exact;
        for (int i = 0; i < exact.All.Length; i++)
        {
            if (!exact.IsSuperseded(i))
            {
                (string name, JsonElement value) = exact.All[i];
                properties.Add(new(name, new PluginConfigValue(_context, Path.Property(name), value)));
            }
        }

        return properties;
    }

    /// <summary>An error about a key, present or missing, with its position (or this object's).</summary>
    /// <param name="key">The key.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="action">What to do.</param>
    /// <returns>The exception, to be thrown.</returns>
    public CniException Error(string key, string message, string? action = null)
    {
        _fields.TryGet(key, out string spelling, out _);
        return _context.Error(Path.Property(spelling), message, action);
    }

    /// <summary>Throws an error about a key; or collects it, where all are wanted, and goes on.</summary>
    /// <param name="key">The key.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="action">What to do.</param>
    public void Report(string key, string message, string? action = null) => _context.Report(Error(key, message, action));

    /// <summary>A key's value, even where it is <c>null</c>.</summary>
    internal PluginConfigValue? Find(string key)
    {
        _context.Asked?.Invoke(Path, key);
        return _fields.TryGet(key, out string spelling, out JsonElement value)
            ? new PluginConfigValue(_context, Path.Property(spelling), value)
            : null;
    }

    /// <summary>The properties whose names are none of these, in any case.</summary>
    internal IReadOnlyList<KeyValuePair<string, JsonElement>> Except(ReadOnlySpan<string> known)
    {
        List<KeyValuePair<string, JsonElement>>? unknown = null;
        for (int i = 0; i < _fields.All.Length; i++)
        {
            (string name, JsonElement value) = _fields.All[i];
            if (!ContainsIgnoringCase(known, name) && !_fields.IsSuperseded(i))
            {
                (unknown ??= []).Add(new(name, value.Clone()));
            }
        }

        return unknown is null ? [] : unknown;
    }

    private static bool ContainsIgnoringCase(ReadOnlySpan<string> names, string name)
    {
        foreach (string candidate in names)
        {
            if (string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
