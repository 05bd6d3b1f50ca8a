using System;
using System.Text.Json;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Ipam;

/// <summary>A block of a network's addresses that a node of the cluster has.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Block">The block.</param>
/// <param name="Since">When it was claimed.</param>
public sealed record ClusterBlock(string Network, IpPrefix Block, DateTimeOffset Since)
{
    /// <summary>The addresses of it that are given out; null where that is not known here, as of another node's.</summary>
    public int? Used { get; init; }

    /// <summary>What becomes of it, in this node's copy: <c>held</c>, <c>leaving</c> (it is being given back) or <c>lost</c> (the store has it as another node's).</summary>
    public string State { get; init; } = "held";

    /// <summary>Of a lost one: the node that has it.</summary>
    public string? Owner { get; init; }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("network", Network);
        writer.WriteString("block", Block.ToString());
        writer.WriteString("since", Since);
        writer.WriteString("state", State);
        if (Used is { } used)
        {
            writer.WriteNumber("used", used);
        }

        if (Owner is not null)
        {
            writer.WriteString("owner", Owner);
        }

        writer.WriteEndObject();
    }

    internal static ClusterBlock Read(JsonElement json) =>
        new(json.GetProperty("network").GetString()!, IpPrefix.Parse(json.GetProperty("block").GetString()!), json.GetProperty("since").GetDateTimeOffset())
        {
            State = json.GetProperty("state").GetString()!,
            Used = json.TryGetProperty("used", out JsonElement used) ? used.GetInt32() : null,
            Owner = json.TryGetProperty("owner", out JsonElement owner) ? owner.GetString() : null,
        };
}
