using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Meta;

/// <summary>
/// What an interface was like before ADD, kept for DEL in a file of its own. Name and format are the Go program's, so that either takes
/// up what the other has left.
/// </summary>
internal sealed record TuningBackup
{
    private const uint Mode = 0x180; // 0600, for the folder as well, as the Go program makes it

    internal MacAddress? Mac { get; private init; }

    internal bool? Promiscuous { get; private init; }

    internal int? Mtu { get; private init; }

    internal bool? AllMulticast { get; private init; }

    internal int? TransmitQueueLength { get; private init; }

    internal static string PathOf(string dataFolder, PluginCall call) =>
        Path.Combine(dataFolder, KeptFile.NameOf($"{call.ContainerId}_{call.InterfaceName}") + ".json");

    /// <summary>Notes what is going to be changed.</summary>
    internal static TuningBackup Of(Link link, TuningConfiguration configuration) => new()
    {
        Mac = configuration.Mac is null ? null : link.Mac,
        Promiscuous = configuration.Promiscuous ? link.IsPromiscuous : null,
        Mtu = configuration.Mtu == 0 ? null : link.Mtu,
        AllMulticast = configuration.AllMulticast is null ? null : link.IsAllMulticast,
        TransmitQueueLength = configuration.TransmitQueueLength is null ? null : link.TransmitQueueLength,
    };

    /// <summary>Reads a file; null where it is none of ours.</summary>
    internal static TuningBackup? Read(byte[] content)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            JsonElement root = json.RootElement;
            return new TuningBackup
            {
                Mac = Get(root, "mac") is { } mac && MacAddress.TryParse(mac.GetString(), out MacAddress address) ? address : null,
                Promiscuous = Get(root, "promisc")?.GetBoolean(),
                Mtu = Get(root, "mtu")?.GetInt32(),
                AllMulticast = Get(root, "allmulti")?.GetBoolean(),
                TransmitQueueLength = Get(root, "txQLen")?.GetInt32(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What writes the file.</summary>
    internal IReadOnlyList<Change> Write(string path) =>
    [
        new FolderCreate(Path.GetDirectoryName(path)!, Mode),
        new FileWrite(path, Encoding.UTF8.GetBytes(ToJson()), Mode) { KeepOld = true },
    ];

    /// <summary>What puts an interface back, one change for each property, so that each can fail by itself.</summary>
    internal IEnumerable<LinkSet> Restore(NetworkNamespace ns, LinkId link)
    {
        if (Mtu is > 0)
        {
            yield return new LinkSet(ns, link) { Mtu = Mtu };
        }

        if (Mac is not null)
        {
            yield return new LinkSet(ns, link) { Mac = Mac };
        }

        if (Promiscuous is not null)
        {
            yield return new LinkSet(ns, link) { Promiscuous = Promiscuous };
        }

        if (AllMulticast is not null)
        {
            yield return new LinkSet(ns, link) { AllMulticast = AllMulticast };
        }

        if (TransmitQueueLength is not null)
        {
            yield return new LinkSet(ns, link) { TransmitQueueLength = TransmitQueueLength };
        }
    }

    private static JsonElement? Get(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    // One space a level, as the Go program writes it. Nothing in it needs an escape.
    private string ToJson()
    {
        List<string> lines = [];
        Add("mac", Mac is null ? null : $"\"{Mac}\"");
        Add("promisc", Text(Promiscuous));
        Add("mtu", Mtu?.ToString(CultureInfo.InvariantCulture));
        Add("allmulti", Text(AllMulticast));
        Add("txQLen", TransmitQueueLength?.ToString(CultureInfo.InvariantCulture));
        return lines.Count == 0 ? "{}" : $"{{\n{string.Join(",\n", lines)}\n}}";

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                lines.Add($" \"{name}\": {value}");
            }
        }

        static string? Text(bool? value) => value is null ? null : value.Value ? "true" : "false";
    }
}
