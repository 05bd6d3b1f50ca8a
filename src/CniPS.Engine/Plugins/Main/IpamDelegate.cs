using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Calls the plugin that manages a network's addresses (<c>ipam.type</c>; SPEC, section 4).</summary>
internal static class IpamDelegate
{
    /// <summary>ADD: it must give at least one address.</summary>
    /// <exception cref="CniException">It failed, was not found, or gave none (<see cref="CniErrorIds.AddressUnavailable"/>).</exception>
    internal static CniResult Ask(PluginContext context, PluginCall call)
    {
        string type = call.Configuration.IpamType;
        return context.Plugins.Invoke(type, call.Request, context) is { Ips.Count: > 0 } result ? result : throw new CniException(
            CniErrorIds.AddressUnavailable,
            CniErrorCode.Internal,
            "IPAM plugin returned missing IP config")
        {
            Target = type,
            RecommendedAction = $"Look at \"ipam\" in the network's configuration: {type} must give an address. -Debug shows the calls of plugins.",
        };
    }

    /// <summary>Whether DEL is for the plugin to do while the interface is there, through which it tells a server: else the interface goes first.</summary>
    internal static bool NeedsLink(PluginCall call) => call.Configuration.IpamType == "dhcp";

    /// <summary>Any other verb.</summary>
    internal static void Call(PluginContext context, PluginCall call) =>
        context.Plugins.Invoke(call.Configuration.IpamType, call.Request, context);
}
