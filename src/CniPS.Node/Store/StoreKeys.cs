using System;
using System.Globalization;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Store;

/// <summary>
/// The cluster's keys, and what they hold (docs/cluster.md). A block has two, put and deleted in one transaction: one by network, which says whose
/// it is, and one by node, so that a node finds its own.
/// </summary>
/// <param name="prefix">What all begin with.</param>
internal sealed class StoreKeys(string prefix)
{
    /// <summary>Is there while nobody may claim new blocks.</summary>
    internal string Settling => $"{prefix}/settling";

    /// <summary>All nodes.</summary>
    internal string Nodes => $"{prefix}/nodes/";

    /// <summary>All nodes that are alive.</summary>
    internal string Alive => $"{prefix}/alive/";

    /// <summary>All nodes' blocks.</summary>
    internal string Owned => $"{prefix}/owned/";

    /// <summary>A node: who it is, and when it was last seen.</summary>
    internal string NodeOf(string node) => Nodes + node;

    /// <summary>A node's sign of life, which a lease takes away.</summary>
    internal string AliveOf(string node) => Alive + node;

    /// <summary>A node's blocks.</summary>
    internal string OwnedBy(string node) => $"{Owned}{node}/";

    /// <summary>One of a node's blocks.</summary>
    internal string OwnedBy(string node, string network, IpPrefix block) => $"{OwnedBy(node)}{network}/{NameOf(block)}";

    /// <summary>The length of a network's blocks of one family.</summary>
    internal string SizeOf(string network, bool v6) => $"{prefix}/networks/{network}/size{(v6 ? '6' : '4')}";

    /// <summary>A network's blocks of one family.</summary>
    internal string BlocksOf(string network, bool v6) => $"{prefix}/networks/{network}/blocks{(v6 ? '6' : '4')}/";

    /// <summary>One of a network's blocks.</summary>
    internal string BlockOf(string network, IpPrefix block) => BlocksOf(network, block.IsV6) + NameOf(block);

    /// <summary>What stands in a block's key.</summary>
    internal static ReadOnlyMemory<byte> BlockValue(string node, string id, string network, DateTimeOffset time) => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("node", node);
        writer.WriteString("id", id);
        writer.WriteString("network", network);
        writer.WriteString("time", time);
        writer.WriteEndObject();
    });

    /// <summary>What stands in a node's key.</summary>
    internal static ReadOnlyMemory<byte> NodeValue(string id, DateTimeOffset seen) => JsonBytes.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("seen", seen);
        writer.WriteEndObject();
    });

    /// <summary>A text of a value.</summary>
    internal static string Text(ReadOnlyMemory<byte> value, string name)
    {
        using JsonDocument document = JsonDocument.Parse(value);
        return document.RootElement.GetProperty(name).GetString() ?? "";
    }

    /// <summary>A time of a value.</summary>
    internal static DateTimeOffset Time(ReadOnlyMemory<byte> value, string name) =>
        DateTimeOffset.Parse(Text(value, name), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    /// <summary>The node, network and block of a key below <see cref="Owned"/>.</summary>
    internal (string Node, string Network, IpPrefix Block) ReadOwned(string key)
    {
        string[] parts = key[Owned.Length..].Split('/');
        int hyphen = parts[2].LastIndexOf('-');
        return (parts[0], parts[1], IpPrefix.Parse($"{parts[2][..hyphen]}/{parts[2][(hyphen + 1)..]}"));
    }

    private static string NameOf(IpPrefix block) => string.Create(CultureInfo.InvariantCulture, $"{block.Address}-{block.Length}");
}
