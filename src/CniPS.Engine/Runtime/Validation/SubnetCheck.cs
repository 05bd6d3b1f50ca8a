using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether gateways are in their subnets, and whether a subnet is used by another network or by the host.</summary>
internal static class SubnetCheck
{
    /// <summary>Gateways, and next hops of routes, that are not in any subnet.</summary>
    internal static void CheckGateways(NetworkConfigurationList list, ProblemCollector problems)
    {
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            List<ConfiguredSubnet> subnets = ConfiguredSubnet.Of(plugin);
            ConfiguredHops hops = new(plugin, subnets);
            foreach (ConfiguredSubnet subnet in subnets)
            {
                if (subnet.Gateway is { } gateway && !subnet.Subnet.Contains(gateway) && !hops.IsReached(gateway))
                {
                    Report(
                        plugin, subnet.GatewayPlace, $"gateway {gateway} is not in the subnet {subnet.Subnet}", problems,
                        hops.IsUsed(gateway) ? ProblemSeverity.Error : ProblemSeverity.Warning);
                }
            }

            // Ranges of the runtime's choice may hold what the file's don't.
            bool isComplete = subnets.Count > 0 && !plugin.Capabilities.ContainsKey("ipRanges") && !plugin.Capabilities.ContainsKey("ips");
            foreach ((IPAddress gateway, JsonPath place) in isComplete ? ConfiguredSubnet.NextHops(plugin) : [])
            {
                if (!hops.IsReached(gateway) && !subnets.Exists(subnet => subnet.Subnet.Contains(gateway)))
                {
                    Report(plugin, place, $"the route's gateway {gateway} is in no subnet of this network", problems);
                }
            }
        }
    }

    /// <summary>Subnets that another network has.</summary>
    internal static void CheckOthers(NetworkConfigurationList list, IReadOnlyList<NetworkConfigurationList> others, ProblemCollector problems)
    {
        foreach (ConfiguredSubnet subnet in Subnets(list))
        {
            foreach (NetworkConfigurationList other in others)
            {
                // One of the same name is the same network, in another file.
                if (other.Name != list.Name && Subnets(other).Find(theirs => Collide(subnet, theirs)) is { } theirs)
                {
                    string where = theirs.Plugin.Locate(theirs.Place)?.ToString() ?? other.Source ?? "no file";
                    problems.Add(
                        CniErrorIds.SubnetCollision,
                        ProblemSeverity.Error,
                        subnet.Plugin,
                        subnet.Place,
                        $"subnet {subnet.Subnet} collides with {theirs.Subnet} of network {other.Name} ({where})",
                        "Give one of the two networks another subnet; or, on one bridge, ranges that share no address.");
                }
            }
        }
    }

    /// <summary>Subnets that the host has a route to, other than through the network's own links.</summary>
    internal static void CheckRoutes(NetworkConfigurationList list, IHost host, ProblemCollector problems)
    {
        List<ConfiguredSubnet> subnets = Subnets(list).FindAll(subnet => IsRouted(subnet.Plugin.Type));
        if (subnets.Count == 0)
        {
            return;
        }

        IReadOnlyList<RouteEntry> routes = host.GetRoutes(host.Namespace);
        foreach (ConfiguredSubnet subnet in subnets)
        {
            foreach (RouteEntry route in routes)
            {
                if (route.Table == RouteEntry.MainTable && route.Destination.Length > 0 && route.Destination.Overlaps(subnet.Subnet)
                    && !route.Destination.Address.IsIPv6LinkLocal)
                {
                    Link? link = route.LinkIndex > 0 ? host.FindLink(host.Namespace, route.LinkIndex) : null;
                    if (!IsOwn(subnet, link))
                    {
                        Report(subnet, route, link, problems);
                    }
                }
            }
        }
    }

    private static bool Collide(ConfiguredSubnet ours, ConfiguredSubnet theirs)
    {
        if (!ours.Subnet.Overlaps(theirs.Subnet))
        {
            return false;
        }

        // Those of the host's own links are meant to be there: on one link no address may be given out twice; two links are two networks.
        if (!IsRouted(ours.Plugin.Type) && !IsRouted(theirs.Plugin.Type))
        {
            return MasterOf(ours.Plugin) == MasterOf(theirs.Plugin) && ours.SharesAddresses(theirs);
        }

        // Two networks on one bridge may share its subnet, if no address can be given out twice.
        bool isOneBridge = BridgeOf(ours.Plugin) is { } bridge && bridge == BridgeOf(theirs.Plugin);
        return !isOneBridge || ours.SharesAddresses(theirs);
    }

    private static void Report(ConfiguredSubnet subnet, RouteEntry route, Link? link, ProblemCollector problems)
    {
        string via = (route.Gateway is null ? "" : $" via {route.Gateway}") + (link is null ? "" : $" dev {link.Name}");
        bool isPart = route.Destination.Length < subnet.Subnet.Length && route.Gateway is not null;
        problems.Add(
            CniErrorIds.SubnetCollision,
            isPart ? ProblemSeverity.Warning : ProblemSeverity.Error,
            subnet.Plugin,
            subnet.Place,
            $"subnet {subnet.Subnet} {(isPart ? "hides a part of" : "collides with")} the host's route {route.Destination}{via}",
            "Give the network a subnet that the host has no other use for. `ip route` shows what it has.");
    }

    // The bridge's own subnet, or ptp's route to a container: a veth.
    private static bool IsOwn(ConfiguredSubnet subnet, Link? link) =>
        link is not null && (link.Name == BridgeOf(subnet.Plugin) || (subnet.Plugin.Type == "ptp" && link.Kind == "veth"));

    // Plugins whose subnet the host routes to; those of others (macvlan, ipvlan, vlan, …) are meant to be the subnets of its links.
    private static bool IsRouted(string type) => type is "bridge" or "ptp";

    internal static string? BridgeOf(PluginConfiguration plugin)
    {
        if (plugin.Type != "bridge")
        {
            return null;
        }

        new JsonFields(plugin.Json, ignoreCase: true).TryGet("bridge", out _, out JsonElement name);
        return name.ValueKind == JsonValueKind.String ? name.GetString() : "cni0";
    }

    // The link that it is upon, and what sets it apart there.
    private static string MasterOf(PluginConfiguration plugin)
    {
        JsonFields fields = new(plugin.Json, ignoreCase: true);
        string master = plugin.Type is "macvlan" or "ipvlan" ? "" : plugin.Type;
        foreach (string key in (string[])["master", "vlanId", "device"])
        {
            master += fields.TryGet(key, out _, out JsonElement value) ? $"/{value.GetRawText()}" : "/";
        }

        return master;
    }

    private static List<ConfiguredSubnet> Subnets(NetworkConfigurationList list)
    {
        List<ConfiguredSubnet> all = [];
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            all.AddRange(ConfiguredSubnet.Of(plugin));
        }

        return all;
    }

    private static void Report(
        PluginConfiguration plugin, JsonPath place, string message, ProblemCollector problems, ProblemSeverity severity = ProblemSeverity.Error) => problems.Add(
        CniErrorIds.GatewayOutsideSubnet,
        severity,
        plugin,
        place,
        message,
        "Correct the gateway or the subnet; without a gateway, the subnet's first address is taken.");
}
