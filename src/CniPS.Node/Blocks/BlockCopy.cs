using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Plugins.Ipam;

namespace CniPS.Node.Blocks;

/// <summary>The node's own copy of its blocks, one file a network: by it the node goes on while the store is away.</summary>
internal sealed class BlockCopy(IHost host, string stateFolder)
{
    private const string End = ".json";
    private const uint LockMode = 0x1E8; // 0750, as host-local makes it

    /// <summary>The networks that have a file.</summary>
    internal IReadOnlyList<string> Networks()
    {
        List<string> networks = [];
        foreach (string name in host.ListFiles(NodeBlocks.FolderOf(stateFolder)))
        {
            if (name.EndsWith(End, StringComparison.Ordinal) && name[0] != '.')
            {
                networks.Add(name[..^End.Length]);
            }
        }

        return networks;
    }

    /// <summary>A network's blocks.</summary>
    internal NodeBlocks Read(string network) => NodeBlocks.Read(host, stateFolder, network);

    /// <summary>Writes a network's blocks, to the disk.</summary>
    internal void Write(NodeBlocks blocks) => host.Apply(
    [
        new FolderCreate(NodeBlocks.FolderOf(stateFolder), 0x1c0), // 0700
        new FileWrite(NodeBlocks.PathOf(stateFolder, blocks.Network), blocks.ToFile()) { IsDurable = true },
    ]);

    /// <summary>Writes a block of a network: a new one, or what has become of one.</summary>
    internal void Put(NodeBlocks blocks, HeldBlock block)
    {
        List<HeldBlock> all = [.. blocks.Blocks];
        int at = all.FindIndex(held => held.Block == block.Block);
        if (at < 0)
        {
            all.Add(block);
        }
        else
        {
            all[at] = block;
        }

        Write(blocks with { Blocks = all });
    }

    /// <summary>Forgets a block of a network.</summary>
    internal void Remove(NodeBlocks blocks, IpPrefix block)
    {
        List<HeldBlock> rest = [.. blocks.Blocks];
        rest.RemoveAll(held => held.Block == block);
        Write(blocks with { Blocks = rest });
    }

    /// <summary>The addresses of a block that are given out on this node.</summary>
    internal int CountUsed(NodeBlocks blocks, IpPrefix block)
    {
        int used = 0;
        foreach (string name in blocks.DataFolder.Length == 0 ? [] : host.ListFiles(Path.Combine(blocks.DataFolder, blocks.Network)))
        {
            used += IpText.TryParse(name, out IPAddress? address) && block.Contains(address) ? 1 : 0;
        }

        return used;
    }

    /// <summary>
    /// Has no more addresses given out of a block, if none is: under the lock of the network's folder, by which the plugin takes them after it has read
    /// the copy.
    /// </summary>
    /// <returns>Whether the block is empty, and stays so.</returns>
    internal bool TryLeave(string network, HeldBlock block, CancellationToken cancellation)
    {
        NodeBlocks blocks = Read(network);
        string folder = Path.Combine(blocks.DataFolder, network);
        using IDisposable? held = blocks.DataFolder.Length > 0 && host.FileExists(folder)
            ? host.LockFile(Path.Combine(folder, "lock"), exclusive: true, LockMode, cancellation)
            : null;
        if (CountUsed(blocks, block.Block) > 0)
        {
            return false;
        }

        Put(blocks, block with { State = BlockState.Leaving });
        return true;
    }
}
