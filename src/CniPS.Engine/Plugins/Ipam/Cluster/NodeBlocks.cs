using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// The node's own copy of a network's blocks: <c>blocks/NETWORK.json</c> in the folder of cnipsd, which writes it, whole and to the disk, before
/// it tells of a block. The plugin reads it, so that it needs nobody while a block has a free address.
/// </summary>
internal sealed record NodeBlocks
{
    /// <summary>cnipsd's folder where nothing else is said.</summary>
    internal const string DefaultFolder = "/var/lib/cni/cluster";

    private const int Format = 1;

    /// <summary>The network.</summary>
    internal required string Network { get; init; }

    /// <summary>Where the network's addresses are kept on this node: what is given back must be empty.</summary>
    internal string DataFolder { get; init; } = "";

    /// <summary>The blocks, in the order in which they were claimed.</summary>
    internal IReadOnlyList<HeldBlock> Blocks { get; init; } = [];

    /// <summary>The folder of all networks' files.</summary>
    internal static string FolderOf(string stateFolder) => Path.Combine(stateFolder, "blocks");

    /// <summary>A network's file.</summary>
    internal static string PathOf(string stateFolder, string network) => Path.Combine(stateFolder, "blocks", network + ".json");

    /// <summary>Reads a network's blocks; none where there is no file yet.</summary>
    /// <exception cref="CniException">The file is none of these (<see cref="CniErrorIds.InvalidJson"/>, <see cref="CniErrorIds.FileFailed"/>).</exception>
    internal static NodeBlocks Read(IHost host, string stateFolder, string network)
    {
        string path = PathOf(stateFolder, network);
        if (host.ReadFile(path, own: true) is not { } content)
        {
            return new NodeBlocks { Network = network };
        }

        JsonElement json = JsonText.Parse(content, path, "error reading the node's blocks: ").Root;
        try
        {
            return Read(json, network);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CniException(CniErrorIds.FileFailed, CniErrorCode.DecodingFailure, $"{path} is no file of the node's blocks: {e.Message}", innerException: e)
            {
                Target = path,
                RecommendedAction = "Move it away, and restart cnipsd: it writes the file anew, from what the store says is this node's.",
            };
        }
    }

    /// <summary>The block that an address lies in, or null.</summary>
    internal HeldBlock? Find(IPAddress address)
    {
        foreach (HeldBlock held in Blocks)
        {
            if (held.Block.Contains(address))
            {
                return held;
            }
        }

        return null;
    }

    /// <summary>The file's content.</summary>
    internal ReadOnlyMemory<byte> ToFile() => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("cnips", Format);
        writer.WriteString("network", Network);
        writer.WriteString("dataDir", DataFolder);
        writer.WriteStartArray("blocks");
        foreach (HeldBlock held in Blocks)
        {
            writer.WriteStartObject();
            writer.WriteString("block", held.Block.ToString());
            writer.WriteString("since", held.Since);
            writer.WriteString("state", NameOf(held.State));
            if (held.Owner is not null)
            {
                writer.WriteString("owner", held.Owner);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static NodeBlocks Read(JsonElement json, string network)
    {
        if (json.GetProperty("cnips").GetInt32() != Format || json.GetProperty("network").GetString() != network)
        {
            throw new FormatException($"it is not of version {Format}, or of another network");
        }

        List<HeldBlock> blocks = [];
        foreach (JsonElement held in json.GetProperty("blocks").EnumerateArray())
        {
            blocks.Add(new HeldBlock(
                IpPrefix.Parse(held.GetProperty("block").GetString()!),
                held.GetProperty("since").GetDateTimeOffset(),
                StateOf(held.GetProperty("state").GetString()),
                held.TryGetProperty("owner", out JsonElement owner) ? owner.GetString() : null));
        }

        return new NodeBlocks { Network = network, DataFolder = json.GetProperty("dataDir").GetString()!, Blocks = blocks };
    }

    internal static string NameOf(BlockState state) => state switch
    {
        BlockState.Held => "held",
        BlockState.Leaving => "leaving",
        _ => "lost",
    };

    private static BlockState StateOf(string? name) => name switch
    {
        "held" => BlockState.Held,
        "leaving" => BlockState.Leaving,
        "lost" => BlockState.Lost,
        _ => throw new FormatException($"there is no state {name}"),
    };
}
