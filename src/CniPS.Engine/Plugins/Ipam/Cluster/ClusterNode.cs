using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CniPS.Plugins.Ipam;

/// <summary>A node of the cluster, as the store has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsAlive">Whether its daemon has been heard of within the last half minute.</param>
/// <param name="LastSeen">When the daemon was last heard of; of one that is alive, now.</param>
public sealed record ClusterNode(string Name, bool IsAlive, DateTimeOffset LastSeen)
{
    /// <summary>Whether it is the node that was asked.</summary>
    public bool IsSelf { get; init; }

    /// <summary>The blocks that it has.</summary>
    public IReadOnlyList<ClusterBlock> Blocks { get; init; } = [];

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("node", Name);
        writer.WriteBoolean("alive", IsAlive);
        writer.WriteBoolean("self", IsSelf);
        writer.WriteString("seen", LastSeen);
        writer.WriteStartArray("blocks");
        foreach (ClusterBlock block in Blocks)
        {
            block.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal static ClusterNode Read(JsonElement json)
    {
        List<ClusterBlock> blocks = [];
        foreach (JsonElement block in json.GetProperty("blocks").EnumerateArray())
        {
            blocks.Add(ClusterBlock.Read(block));
        }

        return new ClusterNode(json.GetProperty("node").GetString()!, json.GetProperty("alive").GetBoolean(), json.GetProperty("seen").GetDateTimeOffset())
        {
            IsSelf = json.GetProperty("self").GetBoolean(),
            Blocks = blocks,
        };
    }
}
