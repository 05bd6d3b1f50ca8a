using System;
using System.Collections.Generic;
using System.Net;
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
        AddressKeeper keeper = new(Type, call, context, configuration);
        CniDns dns = keeper.ReadDns();
        List<IPAddress> requested = [.. configuration.Requested];
        List<CniIPConfig> addresses = [];
        using (LeaseStore store = keeper.Open())
        {
            for (int i = 0; i < configuration.RangeSets.Count; i++)
            {
                RangeSet set = configuration.RangeSets[i];
                int wanted = requested.FindIndex(address => set.Find(address) is not null);
                if (wanted >= 0)
                {
                    addresses.Add(keeper.TakeRequested(store, set, i, requested[wanted]));
                    requested.RemoveAt(wanted);
                }
                else
                {
                    keeper.RefuseSecond(store, set, i);
                    addresses.Add(keeper.TakeNext(store, set, i) ?? throw keeper.Fail(
                        $"failed to allocate for range {i}: no IP addresses available in range set: {set}",
                        "Remove attachments that are no longer needed, or give the network a larger range."));
                }
            }
        }

        keeper.RefuseRest(requested);
        return new CniResult { Ips = addresses, Routes = configuration.Routes, Dns = dns };
    }

    public void Delete(PluginCall call, PluginContext context) => KeeperOf(call, context, HostLocalConfiguration.Parse(call)).Release();

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        HostLocalConfiguration configuration = call.Parse(HostLocalConfiguration.Parse);
        return new HostLocalInspection(Type, call, context, configuration).Check(KeeperOf(call, context, configuration).FindHeld());
    }

    public void Status(PluginCall call, PluginContext context) => KeeperOf(call, context, call.Parse(HostLocalConfiguration.Parse)).ReadDns();

    public void CollectGarbage(PluginCall call, PluginContext context) =>
        KeeperOf(call, context, call.Parse(HostLocalConfiguration.Parse)).CollectGarbage();

    private AddressKeeper KeeperOf(PluginCall call, PluginContext context, HostLocalConfiguration configuration) => new(Type, call, context, configuration);
}
