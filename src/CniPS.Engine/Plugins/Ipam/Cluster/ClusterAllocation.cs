using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>One ADD's addresses: one of each range set, out of the node's blocks, as far as these go.</summary>
/// <param name="call">The call.</param>
/// <param name="context">What the plugin works with.</param>
/// <param name="configuration">The network's ranges and blocks.</param>
/// <param name="keeper">The folder of addresses.</param>
internal sealed class ClusterAllocation(PluginCall call, PluginContext context, ClusterConfiguration configuration, AddressKeeper keeper)
{
    // Each question brings a block that was not there before; so many mean that something is wrong with the blocks.
    private const int MostQuestions = 64;

    private readonly List<IPAddress> _requested = [.. configuration.Whole.Requested];
    private readonly List<CniIPConfig> _addresses = [];
    private int _questions;

    /// <summary>The addresses taken so far.</summary>
    internal IReadOnlyList<CniIPConfig> Addresses => _addresses;

    /// <summary>Takes what can be taken.</summary>
    /// <returns>What cnipsd is to be asked before it can go on; null where all is taken.</returns>
    /// <exception cref="CniException">An address can't be had.</exception>
    internal ClusterQuestion? Take()
    {
        using LeaseStore store = keeper.Open();
        NodeBlocks blocks = NodeBlocks.Read(context.Host, configuration.StateFolder, call.Network);
        if (blocks.DataFolder.Length > 0 && blocks.DataFolder != DataFolder)
        {
            throw keeper.Fail(
                $"this node's addresses of {call.Network} are kept in {blocks.DataFolder}, not in {DataFolder}",
                $"Set \"dataDir\" to {blocks.DataFolder}: who looks elsewhere would give out addresses twice.");
        }

        while (_addresses.Count < configuration.Whole.RangeSets.Count)
        {
            int index = _addresses.Count;
            RangeSet set = configuration.Whole.RangeSets[index];
            int wanted = _requested.FindIndex(address => set.Find(address) is not null);
            CniIPConfig? taken = wanted >= 0 ? TakeRequested(store, blocks, index, _requested[wanted]) : TakeNext(store, blocks, index);
            if (taken is null)
            {
                return Ask(blocks, set, wanted >= 0 ? _requested[wanted] : null);
            }

            _addresses.Add(taken);
            if (wanted >= 0)
            {
                _requested.RemoveAt(wanted);
            }
        }

        keeper.RefuseRest(_requested);
        return null;
    }

    private string DataFolder => System.IO.Path.GetFullPath(configuration.Whole.DataFolder);

    private CniIPConfig? TakeRequested(LeaseStore store, NodeBlocks blocks, int index, IPAddress address)
    {
        RangeSet set = configuration.Whole.RangeSets[index];
        if (BlockRanges.IsExcluded(address, configuration.Excluded))
        {
            throw keeper.Fail($"failed to allocate for range {index}: requested ip {address} is excluded", "Ask for another address.");
        }

        return blocks.Find(address) switch
        {
            { State: BlockState.Held } => keeper.TakeRequested(store, set, index, address),
            { State: BlockState.Lost } lost => throw keeper.Fail(
                $"failed to allocate for range {index}: requested ip {address} is in block {lost.Block}, which is {lost.Owner}'s by the store",
                "Ask for another address."),
            _ => set.Find(address)!.Gateway.Equals(address) ? keeper.TakeRequested(store, set, index, address) : null,
        };
    }

    private CniIPConfig? TakeNext(LeaseStore store, NodeBlocks blocks, int index)
    {
        RangeSet set = configuration.Whole.RangeSets[index];
        keeper.RefuseSecond(store, set, index);
        return BlockRanges.Own(set, blocks, configuration.Excluded) is { } own ? keeper.TakeNext(store, own, index) : null;
    }

    private ClusterQuestion Ask(NodeBlocks blocks, RangeSet set, IPAddress? address)
    {
        if (++_questions > MostQuestions)
        {
            throw keeper.Fail($"no address in range set {set} after {MostQuestions} blocks", "Look at what cnipsd says of the blocks: journalctl -u cnipsd.");
        }

        List<(IPAddress First, IPAddress Last)> ranges = [];
        foreach (AddressRange range in BlockRanges.Open(set, configuration.Excluded))
        {
            ranges.Add((range.Start.ToAddress(range.Subnet.Family), range.End.ToAddress(range.Subnet.Family)));
        }

        List<IpPrefix> full = [];
        foreach (HeldBlock held in blocks.Blocks)
        {
            full.Add(held.Block);
        }

        return new ClusterQuestion
        {
            Command = "BLOCK",
            Network = call.Network,
            DataFolder = DataFolder,
            BlockSize = configuration.BlockSizeOf(set.Ranges[0].Subnet.Family),
            Ranges = ranges,
            Full = address is null ? full : [],
            Address = address,
        };
    }
}
