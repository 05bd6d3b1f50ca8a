using System;
using System.Collections.Generic;
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

    /// <summary>
    /// Whether the plugin, if there is one, may be asked before the interface is made: one that only looks into files or asks a daemon on this node, where dhcp asks a server
    /// through the interface. Not so a program, which takes back all that the container's interface has been given (DEL): where there is one of
    /// that name already, its address must not go with what the refused ADD got. And not so where nothing is taken back.
    /// </summary>
    internal static bool MayComeFirst(PluginContext context, PluginCall call) => call.Configuration.IpamType switch
    {
        "" => true,
        "host-local" or "static" or "cluster" => context.RollsBack && context.Plugins.IsNative(call.Configuration.IpamType),
        _ => false,
    };

    /// <summary>
    /// DEL of interface and address. The address is given back once the interface is gone, so that it is never free while in use; only dhcp
    /// has to tell a server, through the interface, and so goes first.
    /// </summary>
    /// <param name="context">What the plugin works with.</param>
    /// <param name="call">The call.</param>
    /// <param name="failures">Gets what goes wrong.</param>
    /// <param name="removeLink">Removes the interface.</param>
    internal static void Release(PluginContext context, PluginCall call, List<Exception> failures, Action removeLink)
    {
        bool before = call.Configuration.IpamType == "dhcp";
        if (before)
        {
            Failures.Try(failures, () => Call(context, call));
        }

        if (Failures.Try(failures, removeLink) && !before && call.Configuration.IpamType.Length > 0)
        {
            Failures.Try(failures, () => Call(context, call));
        }
    }

    /// <summary>Any other verb.</summary>
    internal static void Call(PluginContext context, PluginCall call) =>
        context.Plugins.Invoke(call.Configuration.IpamType, call.Request, context);
}
