using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary><c>ipam.routes</c>, which every IPAM plugin passes on as they stand (CONVENTIONS, "dictionary of well-known keys").</summary>
internal static class ConfiguredRoutes
{
    internal static IReadOnlyList<CniRoute> Read(PluginConfigReader ipam)
    {
        List<CniRoute> routes = [];
        foreach (PluginConfigValue value in ipam.GetArray("routes") ?? [])
        {
            PluginConfigReader route = value.AsObject() ?? throw value.Error("a route must be an object");
            routes.Add(new CniRoute
            {
                Destination = route.GetPrefix("dst") ?? throw route.Error("dst", "a route needs \"dst\""),
                Gateway = route.GetIp("gw"),
                Mtu = route.GetInt("mtu"),
                AdvMss = route.GetInt("advmss"),
                Priority = route.GetInt("priority"),
                Table = route.GetInt("table"),
                Scope = route.GetInt("scope"),
            });
        }

        return routes;
    }
}
