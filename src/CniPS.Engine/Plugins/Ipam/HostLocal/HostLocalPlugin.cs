using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>host-local: gives out addresses of ranges, and keeps who has which in files on this host.</summary>
internal sealed class HostLocalPlugin : ICniPlugin
{
    public string Type => "host-local";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => HostLocalSchema.Value;

    public void Validate(PluginCall call) => call.Parse(HostLocalConfiguration.Parse);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        call.Request.Args.RefuseUnknown(["IP", "GATEWAY", "MAC", "IgnoreUnknown"]);
        HostLocalConfiguration configuration = call.Parse(HostLocalConfiguration.Parse);
        CniDns dns = ReadDns(configuration, context);
        List<IPAddress> requested = [.. configuration.Requested];
        List<CniIPConfig> addresses = [];
        using (LeaseStore store = LeaseStore.Open(context, configuration.DataFolder, call.Network))
        {
            for (int i = 0; i < configuration.RangeSets.Count; i++)
            {
                RangeSet set = configuration.RangeSets[i];
                int wanted = requested.FindIndex(address => set.Find(address) is not null);
                if (wanted >= 0)
                {
                    addresses.Add(TakeRequested(store, call, set, i, requested[wanted]));
                    requested.RemoveAt(wanted);
                }
                else
                {
                    addresses.Add(TakeNext(store, call, set, i));
                }
            }
        }

        if (requested.Count > 0)
        {
            throw Fail($"failed to allocate all requested IPs: {string.Join(' ', requested)}", "Ask for addresses inside the ranges of the network.");
        }

        return new CniResult { Ips = addresses, Routes = configuration.Routes, Dns = dns };
    }

    public void Delete(PluginCall call, PluginContext context)
    {
        HostLocalConfiguration configuration = HostLocalConfiguration.Parse(call);
        if (!HasFolder(call, context, configuration))
        {
            return;
        }

        using LeaseStore store = LeaseStore.Open(context, configuration.DataFolder, call.Network);
        foreach (IPAddress address in store.Find(call.ContainerId, call.InterfaceName, atLeast: Math.Max(1, configuration.RangeSets.Count)))
        {
            store.Release(call.ContainerId, call.InterfaceName, address);
        }
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        HostLocalConfiguration configuration = call.Parse(HostLocalConfiguration.Parse);
        return new HostLocalInspection(call, context, configuration).Check(FindHeld(call, context, configuration));
    }

    public void Status(PluginCall call, PluginContext context)
    {
        HostLocalConfiguration configuration = call.Parse(HostLocalConfiguration.Parse);
        ReadDns(configuration, context);
    }

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        HostLocalConfiguration configuration = call.Parse(HostLocalConfiguration.Parse);
        if (ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid || !HasFolder(call, context, configuration))
        {
            return;
        }

        using LeaseStore store = LeaseStore.Open(context, configuration.DataFolder, call.Network);
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

    private static IReadOnlyList<IPAddress> FindHeld(PluginCall call, PluginContext context, HostLocalConfiguration configuration)
    {
        if (!HasFolder(call, context, configuration))
        {
            return [];
        }

        using LeaseStore store = LeaseStore.Open(context, configuration.DataFolder, call.Network);
        return store.Find(call.ContainerId, call.InterfaceName, atLeast: configuration.RangeSets.Count);
    }

    // A network that never gave out an address has no folder, and gets none by being looked at.
    private static bool HasFolder(PluginCall call, PluginContext context, HostLocalConfiguration configuration) =>
        context.Host.FileExists(System.IO.Path.Combine(configuration.DataFolder, call.Network));

    private static CniDns ReadDns(HostLocalConfiguration configuration, PluginContext context) =>
        configuration.ResolvConf is not { } file ? CniDns.Empty
        : context.Host.ReadFile(file) is { } content ? ResolvConf.Parse(content)
        : throw Fail($"open {file}: no such file or directory", "Correct \"resolvConf\", or leave it out.");

    private static CniIPConfig TakeRequested(LeaseStore store, PluginCall call, RangeSet set, int index, IPAddress address)
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

    private static CniIPConfig TakeNext(LeaseStore store, PluginCall call, RangeSet set, int index)
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

        foreach ((IPAddress address, AddressRange range) in set.RoundFrom(store.LastOf(index)))
        {
            if (store.TryTake(call.ContainerId, call.InterfaceName, address, index))
            {
                return Configure(address, range);
            }
        }

        throw Fail(
            $"failed to allocate for range {index}: no IP addresses available in range set: {set}",
            "Remove attachments that are no longer needed, or give the network a larger range.");
    }

    private static CniIPConfig Configure(IPAddress address, AddressRange range) =>
        new() { Address = new IpPrefix(address, range.Subnet.Length), Gateway = range.Gateway };

    private static CniException Fail(string message, string action) =>
        new(CniErrorIds.AddressUnavailable, CniErrorCode.Internal, message) { PluginType = "host-local", RecommendedAction = action };
}
