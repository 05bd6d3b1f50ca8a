using System;
using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>What cnipsd is asked, as one line of JSON (docs/cluster.md).</summary>
internal sealed record ClusterQuestion
{
    /// <summary>The version of the protocol.</summary>
    internal const int Protocol = 1;

    /// <summary>BLOCK, BLOCKS, STATUS, NODES, REMOVE or RELEASE.</summary>
    internal required string Command { get; init; }

    /// <summary>BLOCK, RELEASE: the network.</summary>
    internal string Network { get; init; } = "";

    /// <summary>BLOCK: where its addresses are kept on this node.</summary>
    internal string DataFolder { get; init; } = "";

    /// <summary>BLOCK: the prefix length of the network's blocks of this family.</summary>
    internal int BlockSize { get; init; }

    /// <summary>BLOCK: first and last address of each range that will do.</summary>
    internal IReadOnlyList<(IPAddress First, IPAddress Last)> Ranges { get; init; } = [];

    /// <summary>BLOCK: those of the node's blocks that have no free address. Where it has another one by now, that will do.</summary>
    internal IReadOnlyList<IpPrefix> Full { get; init; } = [];

    /// <summary>BLOCK: the address whose block is asked for; null: any block.</summary>
    internal IPAddress? Address { get; init; }

    /// <summary>RELEASE: the block.</summary>
    internal IpPrefix? Block { get; init; }

    /// <summary>REMOVE: the node.</summary>
    internal string Node { get; init; } = "";

    /// <summary>REMOVE: also one that was seen just now.</summary>
    internal bool Force { get; init; }

    /// <summary>Reads a question.</summary>
    /// <exception cref="CniException">It is none of this protocol.</exception>
    internal static ClusterQuestion Parse(ReadOnlyMemory<byte> line)
    {
        JsonElement json = JsonText.Parse(line, null, "error parsing the question: ").Root;
        if (!DaemonLine.IsOfVersion(json, Protocol))
        {
            throw Refused($"the daemon speaks version {Protocol} of its protocol only", "Run cnipsd and the plugin from the same version of CniPS.");
        }

        try
        {
            return Read(json);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw Refused($"the question can't be read: {e.Message}", "docs/cluster.md has the keys.");
        }
    }

    /// <summary>The line, without its end.</summary>
    internal ReadOnlyMemory<byte> ToLine() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("cnips", Protocol);
        writer.WriteString("command", Command);
        Write(writer, "network", Network);
        Write(writer, "dataDir", DataFolder);
        if (BlockSize > 0)
        {
            writer.WriteNumber("blockSize", BlockSize);
        }

        Write(writer, "ranges", Ranges, static range => $"{range.First}-{range.Last}");
        Write(writer, "full", Full, static block => block.ToString());
        Write(writer, "address", Address?.ToString() ?? "");
        Write(writer, "block", Block?.ToString() ?? "");
        Write(writer, "node", Node);
        if (Force)
        {
            writer.WriteBoolean("force", true);
        }

        writer.WriteEndObject();
    });

    private static ClusterQuestion Read(JsonElement json) => new()
    {
        Command = DaemonLine.Text(json, "command"),
        Network = DaemonLine.Text(json, "network"),
        DataFolder = DaemonLine.Text(json, "dataDir"),
        BlockSize = json.TryGetProperty("blockSize", out JsonElement size) ? size.GetInt32() : 0,
        Ranges = List(json, "ranges", ReadRange),
        Full = List(json, "full", IpPrefix.Parse),
        Address = DaemonLine.Text(json, "address") is { Length: > 0 } address ? ReadAddress(address) : null,
        Block = DaemonLine.Text(json, "block") is { Length: > 0 } block ? IpPrefix.Parse(block) : null,
        Node = DaemonLine.Text(json, "node"),
        Force = json.TryGetProperty("force", out JsonElement force) && force.GetBoolean(),
    };

    private static (IPAddress First, IPAddress Last) ReadRange(string text)
    {
        int hyphen = text.IndexOf('-', StringComparison.Ordinal);
        return hyphen > 0 ? (ReadAddress(text[..hyphen]), ReadAddress(text[(hyphen + 1)..])) : throw new FormatException($"no range: {text}");
    }

    private static IPAddress ReadAddress(string text) =>
        IpText.TryParse(text, out IPAddress? address) ? address : throw new FormatException($"no address: {text}");

    private static List<T> List<T>(JsonElement json, string name, Func<string, T> read)
    {
        List<T> list = [];
        if (json.TryGetProperty(name, out JsonElement array))
        {
            foreach (JsonElement element in array.EnumerateArray())
            {
                list.Add(read(element.GetString() ?? ""));
            }
        }

        return list;
    }

    private static void Write(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Write<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> values, Func<T, string> text)
    {
        if (values.Count > 0)
        {
            writer.WriteStartArray(name);
            foreach (T value in values)
            {
                writer.WriteStringValue(text(value));
            }

            writer.WriteEndArray();
        }
    }

    private static CniException Refused(string message, string action) =>
        new(CniErrorIds.ClusterDaemonUnavailable, CniErrorCode.DecodingFailure, message) { RecommendedAction = action };
}
