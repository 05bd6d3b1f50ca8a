using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Whether a plugin behind a guarded port (<c>macspoofchk</c>) gives the container another address: then the port drops all that it sends.</summary>
internal static class SpoofCheckCheck
{
    internal static void Check(NetworkConfigurationList list, ProblemCollector problems)
    {
        PluginConfiguration? guarded = null;
        foreach (PluginConfiguration plugin in list.Plugins)
        {
            if (plugin.Type == "bridge" && ConfiguredSubnet.IsTrue(plugin, "macspoofchk"))
            {
                guarded = plugin;
            }
            else if (plugin.Type == "tuning" && guarded is not null && Changes(plugin, guarded) is { } place)
            {
                problems.Add(
                    CniErrorIds.InvalidNetworkConfig,
                    ProblemSeverity.Warning,
                    plugin,
                    place,
                    "tuning gives the container another MAC address than the one that bridge lets in (macspoofchk): nothing that it sends will come through",
                    "Leave out one of the two, or let bridge give the address: CNI_ARGS MAC, \"args\": {\"cni\": {\"mac\": …}}, or \"capabilities\": {\"mac\": true} of bridge.");
            }
        }
    }

    // The capability gives both the same one, if bridge has it as well.
    private static JsonPath? Changes(PluginConfiguration tuning, PluginConfiguration bridge)
    {
        JsonPath root = JsonPath.Root;
        JsonPath[] places = [root.Property("mac"), root.Property("args").Property("cni").Property("mac")];
        foreach (JsonPath place in places)
        {
            if (tuning.Locate(place) is not null)
            {
                return place;
            }
        }

        return tuning.Capabilities.ContainsKey("mac") && !bridge.Capabilities.ContainsKey("mac") ? root.Property("capabilities").Property("mac") : null;
    }
}
