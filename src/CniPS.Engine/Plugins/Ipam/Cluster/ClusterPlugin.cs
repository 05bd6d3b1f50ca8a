using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// cluster: addresses that are unique across machines. The cluster's store gives each node blocks of them, and inside its blocks a node gives
/// out addresses as host-local does, without a word to anybody.
/// </summary>
internal sealed class ClusterPlugin : ICniPlugin
{
    public string Type => "cluster";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => ClusterSchema.Value;

    public void Validate(PluginCall call) => call.Parse(ClusterConfiguration.Parse);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        call.Request.Args.RefuseUnknown(["IP", "GATEWAY", "MAC", "IgnoreUnknown"]);
        ClusterConfiguration configuration = call.Parse(ClusterConfiguration.Parse);
        AddressKeeper keeper = KeeperOf(call, context, configuration);
        CniDns dns = keeper.ReadDns();
        ClusterAllocation allocation = new(call, context, configuration, keeper);

        // Not under the folder's lock: others go on while a block is claimed.
        while (allocation.Take() is { } question)
        {
            ClaimBlock(context, configuration, question);
        }

        return new CniResult { Ips = allocation.Addresses, Routes = configuration.Whole.Routes, Dns = dns };
    }

    public void Delete(PluginCall call, PluginContext context) => KeeperOf(call, context, ClusterConfiguration.Parse(call)).Release();

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        ClusterConfiguration configuration = call.Parse(ClusterConfiguration.Parse);
        NodeBlocks blocks = NodeBlocks.Read(context.Host, configuration.StateFolder, call.Network);
        List<Difference> differences = [];
        foreach (IpPrefix address in call.ResultAddresses ?? [])
        {
            if (blocks.Find(address.Address) is not { State: not BlockState.Lost } && configuration.Whole.Gives(address.Address))
            {
                string? owner = blocks.Find(address.Address)?.Owner;
                differences.Add(new Difference(
                    $"block of {address.Address}",
                    "this node's",
                    owner,
                    $"cluster: {address.Address} lies in no block of this node{(owner is null ? "" : $", but in one of {owner}")}: it may be given out twice"));
            }
        }

        bool IsOwn(IPAddress address) => blocks.Find(address) is { State: BlockState.Held };
        differences.AddRange(new HostLocalInspection(Type, call, context, configuration.Whole, IsOwn).Check(KeeperOf(call, context, configuration).FindHeld()));
        return differences;
    }

    public void Status(PluginCall call, PluginContext context)
    {
        ClusterConfiguration configuration = call.Parse(ClusterConfiguration.Parse);
        KeeperOf(call, context, configuration).ReadDns();
        NodeBlocks blocks = NodeBlocks.Read(context.Host, configuration.StateFolder, call.Network);
        foreach (RangeSet set in configuration.Whole.RangeSets)
        {
            if (!HasFree(call, context, configuration, BlockRanges.Own(set, blocks, configuration.Excluded)))
            {
                // Where there is neither block nor daemon, or store, ADD can't be served: their errors say so with the code for it (50).
                ClusterDaemon.Ask(configuration.Socket, new ClusterQuestion { Command = "STATUS" }.ToLine(), context.Waiting, context.Cancellation);
                return;
            }
        }
    }

    public void CollectGarbage(PluginCall call, PluginContext context) =>
        KeeperOf(call, context, call.Parse(ClusterConfiguration.Parse)).CollectGarbage();

    private static void ClaimBlock(PluginContext context, ClusterConfiguration configuration, ClusterQuestion question)
    {
        SocketCall change = new(configuration.Socket, question.ToLine());
        if (context.Host.IsPlan)
        {
            // A plan claims nothing; which block there will be, only the store can say.
            context.Apply(change);
            throw new PlanEndsException();
        }

        context.Cancellation.ThrowIfCancellationRequested();
        ClusterDaemon.Ask(change.Path, change.Line, context.Waiting, context.Cancellation);
        context.Observer?.Changed(change);
    }

    private static bool HasFree(PluginCall call, PluginContext context, ClusterConfiguration configuration, RangeSet? own)
    {
        foreach ((IPAddress address, _) in own?.RoundFrom(null) ?? [])
        {
            if (!context.Host.FileExists(Path.Combine(configuration.Whole.DataFolder, call.Network, address.ToString())))
            {
                return true;
            }
        }

        return false;
    }

    private AddressKeeper KeeperOf(PluginCall call, PluginContext context, ClusterConfiguration configuration) => new(Type, call, context, configuration.Whole);
}
