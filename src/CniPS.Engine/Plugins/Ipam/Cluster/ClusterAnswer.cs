using System;
using System.Collections.Generic;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>What cnipsd answers, as one line of JSON (docs/cluster.md).</summary>
internal sealed record ClusterAnswer
{
    /// <summary>BLOCK: a block of the node's, which stands in its own copy by now.</summary>
    internal IpPrefix? Block { get; init; }

    /// <summary>NODES; REMOVE: the node that was removed.</summary>
    internal IReadOnlyList<ClusterNode>? Nodes { get; init; }

    /// <summary>BLOCKS: the node's own.</summary>
    internal IReadOnlyList<ClusterBlock>? Blocks { get; init; }

    /// <summary>What went wrong.</summary>
    internal CniException? Error { get; init; }

    /// <summary>The line, without its end.</summary>
    internal ReadOnlyMemory<byte> ToLine() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("cnips", ClusterQuestion.Protocol);
        if (Error is not null)
        {
            DaemonLine.WriteError(writer, Error);
        }

        if (Block is { } block)
        {
            writer.WriteString("block", block.ToString());
        }

        if (Nodes is not null)
        {
            writer.WriteStartArray("nodes");
            foreach (ClusterNode node in Nodes)
            {
                node.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        if (Blocks is not null)
        {
            writer.WriteStartArray("blocks");
            foreach (ClusterBlock own in Blocks)
            {
                own.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    /// <summary>Reads an answer; an error that it tells is thrown.</summary>
    /// <exception cref="CniException">What the daemon says went wrong, or that this is no answer.</exception>
    internal static ClusterAnswer Parse(ReadOnlyMemory<byte> line, string path)
    {
        if (line.IsEmpty)
        {
            throw ClusterDaemon.Unavailable(path, $"cnipsd at {path} ended before it answered", null);
        }

        JsonElement json = JsonText.Parse(line, null, $"error reading the answer of cnipsd at {path}: ").Root;
        if (!DaemonLine.IsOfVersion(json, ClusterQuestion.Protocol))
        {
            throw ClusterDaemon.Unavailable(path, $"what answers at {path} is no cnipsd of this version", null);
        }

        try
        {
            DaemonLine.ThrowError(json);
            return new ClusterAnswer
            {
                Block = DaemonLine.Text(json, "block") is { Length: > 0 } block ? IpPrefix.Parse(block) : null,
                Nodes = json.TryGetProperty("nodes", out JsonElement nodes) ? List(nodes, ClusterNode.Read) : null,
                Blocks = json.TryGetProperty("blocks", out JsonElement blocks) ? List(blocks, ClusterBlock.Read) : null,
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw ClusterDaemon.Unavailable(path, $"the answer of cnipsd at {path} can't be read: {e.Message}", e);
        }
    }

    private static List<T> List<T>(JsonElement array, Func<JsonElement, T> read)
    {
        List<T> list = [];
        foreach (JsonElement element in array.EnumerateArray())
        {
            list.Add(read(element));
        }

        return list;
    }
}
