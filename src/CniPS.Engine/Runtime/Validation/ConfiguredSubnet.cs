using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>A subnet that a plugin's configuration gives addresses of, and where it says so. What is malformed is passed over here.</summary>
internal sealed record ConfiguredSubnet
{
    private const int LinkScope = 253;

    private static readonly JsonPath s_ipam = JsonPath.Root.Property("ipam");

    /// <summary>The plugin whose configuration it is.</summary>
    internal required PluginConfiguration Plugin { get; init; }

    /// <summary>The subnet.</summary>
    internal required IpPrefix Subnet { get; init; }

    /// <summary>Where it stands.</summary>
    internal required JsonPath Place { get; init; }

    /// <summary>The gateway that is written there, or null.</summary>
    internal IPAddress? Gateway { get; init; }

    /// <summary>Where that stands.</summary>
    internal required JsonPath GatewayPlace { get; init; }

    /// <summary>The lowest address that is given out.</summary>
    internal IpNumber First { get; private init; }

    /// <summary>The highest address that is given out.</summary>
    internal IpNumber Last { get; private init; }

    /// <summary>Whether one address can be given out by both.</summary>
    internal bool SharesAddresses(ConfiguredSubnet other) =>
        Subnet.Family == other.Subnet.Family && First <= other.Last && other.First <= Last;

    /// <summary>The subnets of a plugin's configuration: host-local's and cluster's ranges, static's addresses.</summary>
    internal static List<ConfiguredSubnet> Of(PluginConfiguration plugin)
    {
        List<ConfiguredSubnet> subnets = [];
        JsonElement ipam = Get(plugin.Json, "ipam");
        switch (plugin.IpamType)
        {
            case "host-local" or "cluster":
                Read(plugin, ipam, s_ipam, "subnet", subnets);
                JsonPath sets = s_ipam.Property("ranges");
                for (int i = 0; i < Length(Get(ipam, "ranges")); i++)
                {
                    JsonElement set = Get(ipam, "ranges")[i];
                    for (int j = 0; j < Length(set); j++)
                    {
                        Read(plugin, set[j], sets.Element(i).Element(j), "subnet", subnets);
                    }
                }

                break;
            case "static":
                for (int i = 0; i < Length(Get(ipam, "addresses")); i++)
                {
                    Read(plugin, Get(ipam, "addresses")[i], s_ipam.Property("addresses").Element(i), "address", subnets);
                }

                break;
        }

        return subnets;
    }

    /// <summary>The next hops of a configuration's routes, and where they stand.</summary>
    internal static IEnumerable<(IPAddress Gateway, JsonPath Place)> NextHops(PluginConfiguration plugin)
    {
        JsonElement routes = Get(Get(plugin.Json, "ipam"), "routes");
        for (int i = 0; i < Length(routes); i++)
        {
            if (IpText.TryParse(Text(routes[i], "gw"), out IPAddress? gateway))
            {
                yield return (gateway, s_ipam.Property("routes").Element(i).Property("gw"));
            }
        }
    }

    /// <summary>The routes of a configuration, as far as they can be read.</summary>
    internal static IEnumerable<(IpPrefix Destination, IPAddress? Gateway, bool IsOnLink)> Routes(PluginConfiguration plugin)
    {
        JsonElement routes = Get(Get(plugin.Json, "ipam"), "routes");
        for (int i = 0; i < Length(routes); i++)
        {
            if (IpPrefix.TryParse(Text(routes[i], "dst"), out IpPrefix destination))
            {
                JsonElement scope = Get(routes[i], "scope");
                bool isOnLink = scope.ValueKind == JsonValueKind.Number && scope.TryGetInt32(out int number) && number == LinkScope;
                yield return (destination, Address(routes[i], "gw"), isOnLink);
            }
        }
    }

    /// <summary>Whether a key of the plugin's own is true.</summary>
    internal static bool IsTrue(PluginConfiguration plugin, string key) => Get(plugin.Json, key).ValueKind == JsonValueKind.True;

    private static void Read(PluginConfiguration plugin, JsonElement json, JsonPath path, string key, List<ConfiguredSubnet> subnets)
    {
        if (!IpPrefix.TryParse(Text(json, key), out IpPrefix subnet))
        {
            return;
        }

        bool isOne = key == "address";
        IPAddress? start = isOne ? subnet.Address : Address(json, "rangeStart"), end = isOne ? subnet.Address : Address(json, "rangeEnd");
        subnets.Add(new ConfiguredSubnet
        {
            Plugin = plugin,
            Subnet = subnet.Network,
            Place = path.Property(key),
            Gateway = Address(json, "gateway"),
            GatewayPlace = path.Property("gateway"),
            First = IpNumber.Of(start ?? subnet.Network.Address),
            Last = end is null ? IpNumber.LastOf(subnet) : IpNumber.Of(end),
        });
    }

    private static IPAddress? Address(JsonElement json, string key) => IpText.TryParse(Text(json, key), out IPAddress? address) ? address : null;

    private static int Length(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.GetArrayLength() : 0;

    private static string? Text(JsonElement json, string key) =>
        Get(json, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement Get(JsonElement json, string key) =>
        new JsonFields(json, ignoreCase: true).TryGet(key, out _, out JsonElement value) ? value : default;
}
