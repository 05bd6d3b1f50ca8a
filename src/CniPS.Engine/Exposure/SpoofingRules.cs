using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CniPS.Spec;

namespace CniPS.Exposure;

/// <summary>Which plugins and settings let a container pass for another one: by link-layer address, by IP address, or by advertisements of routers.</summary>
internal static class SpoofingRules
{
    /// <summary>What a network's own text allows. Nothing is asked but the text.</summary>
    internal static IEnumerable<ExposureFinding> Of(NetworkConfigurationList network)
    {
        foreach (PluginConfiguration plugin in network.Plugins)
        {
            (string Reason, string Advice)? found = plugin.Type switch
            {
                "bridge" when !IsSet(plugin, "macspoofchk") =>
                    ("any container on the bridge can send under another's link-layer address: macspoofchk is off", "\"macspoofchk\": true in the network; then attach its containers anew"),
                "macvlan" when Word(plugin, "mode") == "passthru" =>
                    ("the container has the master for itself, promiscuous and with any link-layer address (passthru)", "another mode: bridge, private or vepa"),
                "macvlan" => ("each container is on the master's network itself, under any IP address that it gives itself", "a filter at the switch's port, or a bridge with macspoofchk"),
                "ipvlan" => ("each container is on the master's network itself, under any IP address that it gives itself", "a filter at the switch's port, or mode l3s behind rules of the host"),
                "vlan" => ("the container is on the VLAN itself, under any address", "a filter at the switch's port"),
                "host-device" => ("the container has the device itself, under any address", "a filter at the switch's port"),
                "tap" => ("what is behind the tap sends under any address", "a bridge with macspoofchk, or rules of the host"),
                _ => null,
            };
            if (found is var (reason, advice))
            {
                yield return new ExposureFinding(ExposureKind.Spoofing, network.Name, plugin.Type, true, reason) { Network = network.Name, Advice = advice };
            }
            else if (plugin.Type == "bridge")
            {
                yield return new ExposureFinding(ExposureKind.Spoofing, network.Name, plugin.Type, false, "each port sends under its own link-layer address only (macspoofchk)") { Network = network.Name };
            }

            if (IsSet(plugin, "promiscMode"))
            {
                yield return new ExposureFinding(ExposureKind.Spoofing, network.Name, plugin.Type, true, "the bridge receives everything that is sent on it (promiscMode)")
                {
                    Network = network.Name,
                    Advice = "\"promiscMode\": false, with \"hairpinMode\": true where containers reach themselves by their service",
                };
            }
        }
    }

    /// <summary>Whether a network's containers are on a network of the host's themselves, by a plugin that puts them there.</summary>
    internal static string? MasterOf(NetworkConfigurationList network) =>
        network.Plugins.FirstOrDefault(static plugin => plugin.Type is "macvlan" or "ipvlan" or "vlan" or "host-device") is not { } plugin ? null
        : Word(plugin, plugin.Type == "host-device" ? "device" : "master") is { Length: > 0 } link ? $"{link} ({plugin.Type})" : plugin.Type;

    private static bool IsSet(PluginConfiguration plugin, string key) =>
        plugin.Json.ValueKind == JsonValueKind.Object && plugin.Json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static string Word(PluginConfiguration plugin, string key) =>
        plugin.Json.ValueKind == JsonValueKind.Object && plugin.Json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
