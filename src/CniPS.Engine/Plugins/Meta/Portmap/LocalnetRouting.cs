using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>
/// <c>route_localnet</c> of the host's interface towards a container, without which nothing from 127.0.0.1 may leave for it. It is not taken
/// back: other containers may count on it, and it goes with the interface.
/// </summary>
internal static class LocalnetRouting
{
    /// <summary>What switches it on; null where it is on, or where the host has no interface towards the container.</summary>
    internal static SysctlWrite? Missing(PluginContext context, PluginCall call, IPAddress container)
    {
        IHost host = context.Host;
        if (FindLink(host, call.PreviousResult, container) is not { } link)
        {
            return null;
        }

        string name = $"net/ipv4/conf/{link}/route_localnet";
        return host.ReadSysctl(host.Namespace, name) == "1" ? null : new SysctlWrite(host.Namespace, name, "1") { KeepOld = false };
    }

    // Most of the time one of the result's interfaces; else whatever the routes say.
    private static string? FindLink(IHost host, CniResult? result, IPAddress container)
    {
        foreach (CniInterface named in result?.Interfaces ?? [])
        {
            if (string.IsNullOrEmpty(named.Sandbox) && host.FindLink(host.Namespace, named.Name) is { } link && Reaches(host, link.Index, container))
            {
                return link.Name;
            }
        }

        RouteEntry? best = null;
        foreach (RouteEntry route in host.GetRoutes(host.Namespace))
        {
            if (route.Table == RouteEntry.MainTable && route.Destination.Contains(container)
                && (best is null || route.Destination.Length > best.Destination.Length))
            {
                best = route;
            }
        }

        return best is null ? null : host.FindLink(host.Namespace, best.LinkIndex)?.Name;
    }

    private static bool Reaches(IHost host, int link, IPAddress container)
    {
        foreach (InterfaceAddress address in host.GetAddresses(host.Namespace, link))
        {
            if (address.Address.Length < 32 && address.Address.Network.Contains(container))
            {
                return true;
            }
        }

        foreach (RouteEntry route in host.GetRoutes(host.Namespace, link))
        {
            if (route.Destination.Length > 0 && route.Destination.Contains(container))
            {
                return true;
            }
        }

        return false;
    }
}
