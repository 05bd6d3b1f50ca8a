using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Node.Store;
using CniPS.Spec;

namespace CniPS.Node.Membership;

/// <summary>
/// Who this node is: a name, and an id that was made with its folder, so that another machine of the same name is another node. And how far the
/// store had come when it was last heard of.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Id">The id.</param>
/// <param name="Position">The store.</param>
internal sealed record NodeIdentity(string Name, string Id, StorePosition Position)
{
    /// <summary>Reads it from the node's folder; makes one where there is none yet.</summary>
    /// <exception cref="CniException">The folder belongs to a node of another name (<see cref="CniErrorIds.ClusterNodeRefused"/>), or can't be read.</exception>
    internal static NodeIdentity Open(IHost host, string folder, string name)
    {
        if (host.ReadFile(PathOf(folder), own: true) is not { } content)
        {
            NodeIdentity made = new(name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), default);
            made.Save(host, folder);
            return made;
        }

        JsonElement json = JsonText.Parse(content, PathOf(folder), "error reading who this node is: ").Root;
        NodeIdentity read = new(
            json.GetProperty("node").GetString()!,
            json.GetProperty("id").GetString()!,
            new StorePosition(
                ulong.Parse(json.GetProperty("cluster").GetString()!, CultureInfo.InvariantCulture),
                json.GetProperty("term").GetUInt64(),
                json.GetProperty("revision").GetInt64()));
        return read.Name == name ? read : throw new CniException(
            CniErrorIds.ClusterNodeRefused, CniErrorCode.Internal, $"the folder {folder} is that of node {read.Name}, not of {name}")
        {
            RecommendedAction = $"Start it with --node {read.Name}. A new name is a new node: give the blocks of the old one back first, and remove the folder.",
        };
    }

    /// <summary>Writes it into the node's folder.</summary>
    internal void Save(IHost host, string folder)
    {
        ReadOnlyMemory<byte> content = JsonBytes.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("node", Name);
            writer.WriteString("id", Id);
            writer.WriteString("cluster", Position.Cluster.ToString(CultureInfo.InvariantCulture));
            writer.WriteNumber("term", Position.Term);
            writer.WriteNumber("revision", Position.Revision);
            writer.WriteEndObject();
        });
        host.Apply([new FolderCreate(folder, 0x1c0), new FileWrite(PathOf(folder), content) { IsDurable = true }]); // 0700
    }

    private static string PathOf(string folder) => Path.Combine(folder, "node.json");
}
