using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>What host-local does with a network's folder of addresses, for every plugin that keeps its addresses in one.</summary>
/// <param name="type">The plugin, for its errors.</param>
/// <param name="call">The call.</param>
/// <param name="context">What the plugin works with.</param>
/// <param name="configuration">The ranges of the whole network, and where its addresses are kept.</param>
internal sealed class AddressKeeper(string type, PluginCall call, PluginContext context, HostLocalConfiguration configuration)
{
    /// <summary>Opens the folder, exclusively; it is made where it is missing.</summary>
    internal LeaseStore Open() => LeaseStore.Open(context, configuration.DataFolder, call.Network);

    /// <summary>The result's DNS: what <c>resolvConf</c> says.</summary>
    internal CniDns ReadDns() =>
        configuration.ResolvConf is not { } file ? CniDns.Empty
        : context.Host.ReadFile(file) is { } content ? ResolvConf.Parse(content)
        : throw Fail($"open {file}: no such file or directory", "Correct \"resolvConf\", or leave it out.");

    /// <summary>Takes the address that is asked for.</summary>
    /// <param name="store">The folder.</param>
    /// <param name="set">The range set that it lies in.</param>
    /// <param name="index">The range set's number.</param>
    /// <param name="address">The address.</param>
    internal CniIPConfig TakeRequested(LeaseStore store, RangeSet set, int index, IPAddress address)
    {
        AddressRange range = set.Find(address)!;
        if (address.Equals(range.Gateway))
        {
            throw Fail($"failed to allocate for range {index}: requested ip {address} is subnet's gateway", "Ask for another address.");
        }

        if (!store.TryTake(call.ContainerId, call.InterfaceName, address, index))
        {
            throw Fail(
                $"failed to allocate for range {index}: requested IP address {address} is not available in range set {set}",
                "Get-CniAttachment shows who has it. Ask for another address.");
        }

        return Configure(address, range);
    }

    /// <summary>Refuses a second address of a range set for the same interface.</summary>
    internal void RefuseSecond(LeaseStore store, RangeSet set, int index)
    {
        foreach (IPAddress held in store.Find(call.ContainerId, call.InterfaceName))
        {
            // One taken just now, for another set, can't lie in this one: sets don't overlap.
            if (set.Find(held) is not null)
            {
                throw Fail(
                    $"failed to allocate for range {index}: {held} has been allocated to {call.ContainerId}, duplicate allocation is not allowed",
                    "DEL (Remove-CniAttachment) gives it back.");
            }
        }
    }

    /// <summary>Takes the next address that is free, or gives null where none is.</summary>
    internal CniIPConfig? TakeNext(LeaseStore store, RangeSet set, int index)
    {
        foreach ((IPAddress address, AddressRange range) in set.RoundFrom(store.LastOf(index)))
        {
            if (store.TryTake(call.ContainerId, call.InterfaceName, address, index))
            {
                return Configure(address, range);
            }
        }

        return null;
    }

    /// <summary>Refuses addresses asked for that lie in no range.</summary>
    internal void RefuseRest(List<IPAddress> requested)
    {
        if (requested.Count > 0)
        {
            throw Fail($"failed to allocate all requested IPs: {string.Join(' ', requested)}", "Ask for addresses inside the ranges of the network.");
        }
    }

    /// <summary>DEL.</summary>
    internal void Release()
    {
        if (!HasFolder)
        {
            return;
        }

        using LeaseStore store = Open();
        foreach (IPAddress address in store.Find(call.ContainerId, call.InterfaceName, atLeast: Math.Max(1, configuration.RangeSets.Count)))
        {
            store.Release(call.ContainerId, call.InterfaceName, address);
        }
    }

    /// <summary>CHECK: the addresses that the attachment holds.</summary>
    internal IReadOnlyList<IPAddress> FindHeld()
    {
        if (!HasFolder)
        {
            return [];
        }

        using LeaseStore store = Open();
        return store.Find(call.ContainerId, call.InterfaceName, atLeast: configuration.RangeSets.Count);
    }

    /// <summary>GC.</summary>
    internal void CollectGarbage()
    {
        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid || !HasFolder)
        {
            return;
        }

        using LeaseStore store = Open();
        foreach (Lease lease in (List<Lease>)[.. store.Scan()])
        {
            if (!valid.Keeps(store.ClaimOf(lease, call.Network)))
            {
                store.Collect(lease, call.Network);
            }
        }

        // Still under the lock: who is being added has the address by the time that ports lead there.
        GoNftablesPorts.RemoveInvalid(
            context,
            call.Network,
            valid,
            configuration.Gives,
            (container, address) => LeaseFolder.IsHeld(context.Host, configuration.DataFolder, container, address));
    }

    /// <summary>An address can't be had.</summary>
    internal CniException Fail(string message, string action) =>
        new(CniErrorIds.AddressUnavailable, CniErrorCode.Internal, message) { PluginType = type, RecommendedAction = action };

    // A network that never gave out an address has no folder, and gets none by being looked at.
    private bool HasFolder => context.Host.FileExists(Path.Combine(configuration.DataFolder, call.Network));

    private static CniIPConfig Configure(IPAddress address, AddressRange range) =>
        new() { Address = new IpPrefix(address, range.Subnet.Length), Gateway = range.Gateway };
}
