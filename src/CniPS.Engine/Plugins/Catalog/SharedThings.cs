using System.Text.Json;
using CniPS.Plugins.Main;
using CniPS.Plugins.Meta;

namespace CniPS.Plugins.Catalog;

/// <summary>The kinds of shared things that the built-in plugins make.</summary>
public static class SharedThings
{
    /// <summary>Reads what <see cref="SharedThing.Write"/> wrote; null for a kind that this version does not know.</summary>
    public static SharedThing? Read(JsonElement json) => json.GetProperty("kind").GetString() switch
    {
        SharedBridge.KindName => SharedBridge.Read(json),
        SharedBridgeAddress.KindName => SharedBridgeAddress.Read(json),
        SharedSysctl.KindName => SharedSysctl.Read(json),
        SharedVlanGateway.KindName => SharedVlanGateway.Read(json),
        SharedSpoofCheck.KindName => new SharedSpoofCheck(),
        SharedPorts.KindName => new SharedPorts(),
        SharedIptablesPorts.KindName => new SharedIptablesPorts(),
        SharedNftablesFirewall.KindName => new SharedNftablesFirewall(),
        SharedIptablesFirewall.KindName => SharedIptablesFirewall.Read(json),
        SharedMasquerade.KindName => SharedMasquerade.Read(json),
        SharedVrf.KindName => SharedVrf.Read(json),
        _ => null,
    };
}
