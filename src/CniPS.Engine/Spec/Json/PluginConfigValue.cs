using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS.Spec;

/// <summary>
/// One value of a plugin configuration and its place. Reading it as something it is not raises
/// <see cref="CniErrorIds.InvalidNetworkConfig"/> (code 7) with file, line and column; <c>null</c> reads as absent.
/// </summary>
public readonly struct PluginConfigValue
{
    private readonly JsonContext _context;

    internal PluginConfigValue(JsonContext context, JsonPath path, JsonElement json)
    {
        _context = context;
        Path = path;
        Json = json;
    }

    /// <summary>The value's path in the plugin configuration, as <c>ipam.ranges[0]</c>.</summary>
    public JsonPath Path { get; }

    /// <summary>The value as it stands.</summary>
    public JsonElement Json { get; }

    /// <summary>Whether it is <c>null</c>.</summary>
    public bool IsNull => Json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The value as a string.</summary>
    public string? AsString() => Json.ValueKind == JsonValueKind.String ? Json.GetString() : Refuse<string>("a string");

    /// <summary>The value as a boolean.</summary>
    public bool? AsBool() => Json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Refuse<bool?>("true or false"),
    };

    /// <summary>The value as a whole number of 32 bits: an integer literal, so neither <c>1500.0</c> nor <c>1e3</c>.</summary>
    public int? AsInt() =>
        Json.ValueKind == JsonValueKind.Number && Json.TryGetInt32(out int number) ? number : Refuse<int?>("a whole number");

    /// <summary>The value as a whole number of 64 bits: an integer literal.</summary>
    public long? AsLong() =>
        Json.ValueKind == JsonValueKind.Number && Json.TryGetInt64(out long number) ? number : Refuse<long?>("a whole number");

    /// <summary>The value as an object.</summary>
    public PluginConfigReader? AsObject() =>
        Json.ValueKind == JsonValueKind.Object ? new PluginConfigReader(_context, Path, Json) : Refuse<PluginConfigReader>("an object");

    /// <summary>The value as an array.</summary>
    public IReadOnlyList<PluginConfigValue>? AsArray()
    {
        if (Json.ValueKind != JsonValueKind.Array)
        {
            return Refuse<IReadOnlyList<PluginConfigValue>>("an array");
        }

        var values = new List<PluginConfigValue>(Json.GetArrayLength());
        foreach (JsonElement element in Json.EnumerateArray())
        {
            values.Add(new PluginConfigValue(_context, Path.Element(values.Count), element));
        }

        return values;
    }

    /// <summary>The value as an array of strings. An element that is <c>null</c> reads as the empty string.</summary>
    public IReadOnlyList<string>? AsStrings()
    {
        if (AsArray() is not { } values)
        {
            return null;
        }

        var texts = new string[values.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = values[i].AsString() ?? "";
        }

        return texts;
    }

    /// <summary>
    /// The value as an IP address: dotted quad or RFC 4291, strictly (<see cref="IpText"/>). The empty string reads as absent.
    /// </summary>
    public IPAddress? AsIp()
    {
        string? text = AsString();
        return string.IsNullOrEmpty(text) ? null
            : IpText.TryParse(text, out IPAddress? address) ? address
            : RefuseText<IPAddress>(text, "an IP address, such as 10.1.0.1 or fd00::1");
    }

    /// <summary>The value as address and prefix length. The empty string reads as absent.</summary>
    public IpPrefix? AsPrefix()
    {
        string? text = AsString();
        return string.IsNullOrEmpty(text) ? null
            : IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix
            : RefuseText<IpPrefix?>(text, "an address with a prefix length, such as 10.1.0.0/16 or fd00::/64");
    }

    /// <summary>The value as a MAC address. The empty string reads as absent.</summary>
    public MacAddress? AsMac()
    {
        string? text = AsString();
        return string.IsNullOrEmpty(text) ? null
            : MacAddress.TryParse(text, out MacAddress address) ? address
            : RefuseText<MacAddress?>(text, "a MAC address, such as 0a:58:0a:01:00:02");
    }

    /// <summary>An error about this value.</summary>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="action">What to do.</param>
    /// <returns>The exception, to be thrown.</returns>
    public CniException Error(string message, string? action = null) => _context.Error(Path, message, action);

    /// <summary>The same, where reading can go on: thrown, unless all errors are wanted.</summary>
    /// <param name="error">The error.</param>
    internal void Report(CniException error) => _context.Report(error);

    private T? Refuse<T>(string expected)
    {
        if (!IsNull)
        {
            string found = Json.ValueKind == JsonValueKind.Number ? Json.GetRawText() : JsonKind.WithArticle(Json);
            Report($"must be {expected}, not {found}", $"Write {expected} here.");
        }

        return default;
    }

    private T? RefuseText<T>(string text, string expected)
    {
        Report($"must be {expected}, not {GoText.Quote(text)}", $"Write {expected}.");
        return default;
    }

    private void Report(string problem, string action) =>
        _context.Report(_context.Error(Path, $"{_context.Describe(Path)} {problem}", action));
}
