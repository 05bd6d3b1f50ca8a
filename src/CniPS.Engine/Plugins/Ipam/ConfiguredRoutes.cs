using System.Collections.Generic;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary><c>ipam.routes</c>, which every IPAM plugin passes on as they stand (CONVENTIONS, "dictionary of well-known keys").</summary>
internal static class ConfiguredRoutes
{
    /// <summary>The keys, for the schema of an IPAM plugin.</summary>
    /// <param name="since">The version of the reference plugins that first had the plugin.</param>
    internal static IReadOnlyList<PluginKey> Keys(string since) =>
    [
        new("ipam.routes", "array of objects", "[]", "Routes for the container, passed on in the result.", since),
        new("ipam.routes[].dst", "CIDR", null, "Where the route leads.", since),
        new("ipam.routes[].gw", "IP address", "the gateway", "The next hop.", since),
        new("ipam.routes[].mtu", "integer", null, "The MTU along the route, in bytes.", "1.6"),
        new("ipam.routes[].advmss", "integer", null, "The TCP segment size advertised along the route, in bytes.", "1.6"),
        new("ipam.routes[].priority", "integer", null, "The route's metric.", "1.6"),
        new("ipam.routes[].table", "integer", "254", "The routing table.", "1.6"),
        new("ipam.routes[].scope", "integer", "0", "The route's scope: 0 universe, 253 link.", "1.6"),
    ];

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
