using System.Collections.Generic;
using System.Net;
using System.Text.Json;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Facts;

/// <summary>What a person wants to know of a network, out of its plugins' configurations; whatever is malformed is passed over.</summary>
internal sealed class NetworkFacts
{
    private const string DefaultBridge = "cni0";

    internal NetworkFacts(NetworkConfigurationList list)
    {
        List<string> plugins = [], capabilities = [];
        List<IpPrefix> subnets = [];
        List<IPAddress> gateways = [];
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            plugins.Add(plugin.Type);
            foreach ((string capability, bool wanted) in plugin.Capabilities)
            {
                if (wanted && !capabilities.Contains(capability))
                {
                    capabilities.Add(capability);
                }
            }

            if (plugin.Type == "bridge")
            {
                Bridge ??= Text(plugin.Json, "bridge") is { Length: > 0 } name ? name : DefaultBridge;
            }

            Mtu ??= Get(plugin.Json, "mtu") is { ValueKind: JsonValueKind.Number } mtu && mtu.TryGetInt32(out int bytes) && bytes > 0 ? bytes : null;
            Masquerade |= Get(plugin.Json, "ipMasq").ValueKind == JsonValueKind.True;
            ReadIpam(Get(plugin.Json, "ipam"), subnets, gateways);
        }

        Plugins = [.. plugins];
        Capabilities = [.. capabilities];
        Subnets = [.. subnets];
        Gateways = [.. gateways];
    }

    internal string[] Plugins { get; }

    internal string[] Capabilities { get; }

    internal string? Bridge { get; }

    internal bool Masquerade { get; }

    internal int? Mtu { get; }

    internal IpPrefix[] Subnets { get; }

    internal IPAddress[] Gateways { get; }

    private static void ReadIpam(JsonElement ipam, List<IpPrefix> subnets, List<IPAddress> gateways)
    {
        ReadRange(ipam, subnets, gateways);
        foreach (JsonElement set in Items(Get(ipam, "ranges")))
        {
            foreach (JsonElement range in Items(set))
            {
                ReadRange(range, subnets, gateways);
            }
        }
    }

    private static void ReadRange(JsonElement range, List<IpPrefix> subnets, List<IPAddress> gateways)
    {
        if (IpPrefix.TryParse(Text(range, "subnet"), out IpPrefix subnet) && !subnets.Contains(subnet.Network))
        {
            subnets.Add(subnet.Network);
        }

        if (IpText.TryParse(Text(range, "gateway"), out IPAddress? gateway) && !gateways.Contains(gateway))
        {
            gateways.Add(gateway);
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : [];

    private static string? Text(JsonElement json, string key) =>
        Get(json, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement Get(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out JsonElement value) ? value : default;
}
