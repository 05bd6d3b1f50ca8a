using System.Collections.Generic;
using System.Net;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>static: gives the addresses that are written in the configuration, and keeps nothing.</summary>
internal sealed class StaticPlugin : ICniPlugin
{
    public string Type => "static";

    public IReadOnlyList<string> SupportedVersions => CniVersion.All;

    public PluginSchema Schema => StaticSchema.Value;

    public void Validate(PluginCall call) => StaticConfiguration.Parse(call);

    public CniResult Add(PluginCall call, PluginContext context)
    {
        call.Request.Args.RefuseUnknown(["IP", "GATEWAY", "MAC", "IgnoreUnknown"]);
        StaticConfiguration configuration = StaticConfiguration.Parse(call);
        return new CniResult { Ips = configuration.Addresses, Routes = configuration.Routes, Dns = configuration.Dns };
    }

    public void Delete(PluginCall call, PluginContext context)
    {
        // Nothing was taken, and a configuration that has gone wrong since must not be in the way.
    }

    public IReadOnlyList<Difference> Check(PluginCall call, PluginContext context)
    {
        StaticConfiguration configuration = StaticConfiguration.Parse(call);
        CniResult result = call.RequirePreviousResult();
        List<Difference> differences = [];
        foreach (CniIPConfig wanted in configuration.Addresses)
        {
            CniIPConfig? given = null;
            foreach (CniIPConfig candidate in result.Ips)
            {
                given = candidate.Address == wanted.Address ? candidate : given;
            }

            bool rightGateway = wanted.Gateway is null || wanted.Gateway.Equals(given?.Gateway);
            if (given is null || !rightGateway)
            {
                differences.Add(new Difference(
                    $"address {wanted.Address}",
                    wanted.Gateway is null ? "in the result" : $"in the result, with gateway {wanted.Gateway}",
                    given is null ? null : $"with gateway {given.Gateway}",
                    $"static: Failed to match addr {wanted.Address!.Value.Address} on interface {call.InterfaceName}"));
            }
        }

        return differences;
    }

    public void Status(PluginCall call, PluginContext context) => StaticConfiguration.Parse(call);

    public void CollectGarbage(PluginCall call, PluginContext context)
    {
        // It keeps nothing that could be left. But ports may lead to its addresses, which others may have too: that only the runtime knows.
        if (context.Attachments is null || ValidAttachments.Read(call.Configuration, context.Judge) is not { } valid)
        {
            return;
        }

        IReadOnlyList<CniIPConfig> addresses = StaticConfiguration.Parse(call).Addresses;
        GoNftablesPorts.RemoveInvalid(context, call.Network, valid, IsOurs, isHeld: null);

        bool IsOurs(IPAddress address)
        {
            foreach (CniIPConfig ip in addresses)
            {
                if (address.Equals(ip.Address?.Address))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
