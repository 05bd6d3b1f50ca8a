using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>
/// static's configuration, complete and checked. Addresses of CNI_ARGS are added to those of the configuration; those of <c>args.cni.ips</c>,
/// and then those of the capability <c>ips</c>, take the place of all others.
/// </summary>
internal sealed record StaticConfiguration
{
    internal required IReadOnlyList<CniIPConfig> Addresses { get; init; }

    internal required IReadOnlyList<CniRoute> Routes { get; init; }

    internal required CniDns Dns { get; init; }

    internal static StaticConfiguration Parse(PluginCall call)
    {
        PluginConfigReader root = new(call.Configuration);
        PluginConfigReader ipam = IpamKey.Require(root);
        List<CniIPConfig> addresses = ReadAddresses(ipam);
        AddArgs(addresses, call.Request.Args);
        addresses = ReadInstead(root.GetObject("args")?.GetObject("cni"), "ips") ?? addresses;
        addresses = ReadInstead(root.GetObject("runtimeConfig"), "ips") ?? addresses;
        AddressVersions.Check(addresses.ConvertAll(ip => ip.Address!.Value.Family), call.CniVersion, message => ipam.Error("addresses", message));
        return new StaticConfiguration { Addresses = addresses, Routes = ConfiguredRoutes.Read(ipam), Dns = ConfiguredDns.Read(ipam) ?? CniDns.Empty };
    }

    private static List<CniIPConfig> ReadAddresses(PluginConfigReader ipam)
    {
        List<CniIPConfig> addresses = [];
        foreach (PluginConfigValue value in ipam.GetArray("addresses") ?? [])
        {
            PluginConfigReader entry = value.AsObject() ?? throw value.Error("an address must be an object");
            string text = entry.GetString("address") ?? "";
            if (!IpPrefix.TryParse(text, out IpPrefix address))
            {
                throw entry.Error(
                    "address", $"the 'address' field is expected to be in CIDR notation, got: '{text}'", "Write the address with its subnet's length: 10.1.0.5/16.");
            }

            addresses.Add(new CniIPConfig { Address = address, Gateway = entry.GetIp("gateway") });
        }

        return addresses;
    }

    private static void AddArgs(List<CniIPConfig> addresses, CniArgs args)
    {
        int first = addresses.Count;
        foreach (string text in Items(args["IP"]))
        {
            if (!IpPrefix.TryParse(text, out IpPrefix address))
            {
                throw Invalid($"the 'ip' field is expected to be in CIDR notation, got: '{text}'", "Write IP=10.1.0.5/16 in CNI_ARGS.");
            }

            addresses.Add(new CniIPConfig { Address = address });
        }

        foreach (string text in Items(args["GATEWAY"]))
        {
            if (!IpText.TryParse(text, out IPAddress? gateway))
            {
                throw Invalid($"invalid gateway address: {text}", "Write GATEWAY=10.1.0.1 in CNI_ARGS.");
            }

            // Only to the addresses of CNI_ARGS: those of the configuration have their own.
            for (int i = first; i < addresses.Count; i++)
            {
                if (addresses[i].Address!.Value.Contains(gateway))
                {
                    addresses[i] = addresses[i] with { Gateway = gateway };
                }
            }
        }
    }

    private static string[] Items(string? list) => string.IsNullOrEmpty(list) ? [] : list.Split(',', StringSplitOptions.TrimEntries);

    private static List<CniIPConfig>? ReadInstead(PluginConfigReader? parent, string key)
    {
        if (parent?.GetArray(key) is not { Count: > 0 } values)
        {
            return null;
        }

        List<CniIPConfig> addresses = [];
        foreach (PluginConfigValue value in values)
        {
            string text = value.AsString() ?? "";
            addresses.Add(IpPrefix.TryParse(text, out IpPrefix address)
                ? new CniIPConfig { Address = address }
                : throw value.Error($"an entry in the 'ips' field is NOT in CIDR notation, got: '{text}'", "Write the address with its subnet's length: 10.1.0.5/16."));
        }

        return addresses;
    }

    private static CniException Invalid(string message, string action) =>
        new(CniErrorIds.InvalidArgs, CniErrorCode.InvalidEnvironmentVariables, message) { RecommendedAction = action };
}
