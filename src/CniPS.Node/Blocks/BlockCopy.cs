using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using CniPS.Linux.Changes;
using CniPS.Linux.Files;
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
    internal int CountUsed(NodeBlocks blocks, IpPrefix block) => CountUsed(blocks)[block];

    /// <summary>The addresses that are given out on this node, of each of a network's blocks.</summary>
    internal IReadOnlyDictionary<IpPrefix, int> CountUsed(NodeBlocks blocks)
    {
        Dictionary<IpPrefix, int> used = [];
        foreach (HeldBlock held in blocks.Blocks)
        {
            used[held.Block] = 0;
        }

        foreach (string name in blocks.DataFolder.Length == 0 ? [] : host.ListFiles(FolderOf(blocks)))
        {
            if (IpText.TryParse(name, out IPAddress? address) && blocks.Find(address) is { } held)
            {
                used[held.Block]++;
            }
        }

        return used;
    }

    /// <summary>Whether it can be told that no address is given out: where they are kept is known, and there. After a start it may not be mounted yet.</summary>
    internal bool KnowsUse(NodeBlocks blocks) => blocks.DataFolder.Length > 0 && host.FileExists(FolderOf(blocks));

    /// <summary>
    /// Has no more addresses given out of a block, if none is: under the lock of the network's folder, by which the plugin takes them after it has read
    /// the copy.
    /// </summary>
    /// <returns>Whether the block is empty, and stays so.</returns>
    /// <exception cref="LockHeldException">Others have the lock all the time.</exception>
    internal bool TryLeave(string network, IpPrefix block, CancellationToken cancellation)
    {
        string known = Read(network).DataFolder, folder = Path.Combine(known, network);
        if (known.Length > 0 && !host.FileExists(folder))
        {
            host.Apply([new FolderCreate(folder)]); // as the plugin would, which might just now
        }

        using IDisposable? held = known.Length > 0 ? host.LockFile(Path.Combine(folder, "lock"), exclusive: true, LockMode, cancellation) : null;
        NodeBlocks blocks = Read(network);
        foreach (HeldBlock one in blocks.Blocks)
        {
            if (one.Block == block && one.State != BlockState.Lost && CountUsed(blocks, block) == 0)
            {
                Put(blocks, one with { State = BlockState.Leaving });
                return true;
            }
        }

        return false;
    }

    private static string FolderOf(NodeBlocks blocks) => Path.Combine(blocks.DataFolder, blocks.Network);
}
