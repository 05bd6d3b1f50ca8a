using System.Collections.Generic;
using System.Net;
using CniPS.Spec;

namespace CniPS.Runtime;

/// <summary>Which gateways a configuration's container could send to, and which it will: as ADD would find.</summary>
/// <param name="plugin">The configuration.</param>
/// <param name="subnets">The subnets that it gives addresses of.</param>
internal sealed class ConfiguredHops(PluginConfiguration plugin, IReadOnlyList<ConfiguredSubnet> subnets)
{
    /// <summary>Whether a gateway is reached although it may be in no subnet: ptp leads to its own, a route leads to it, or it is link-local.</summary>
    internal bool IsReached(IPAddress gateway)
    {
        if (gateway.IsIPv6LinkLocal)
        {
            return true;
        }

        foreach (ConfiguredSubnet subnet in subnets)
        {
            if (plugin.Type == "ptp" && gateway.Equals(subnet.Gateway) && subnet.Subnet.Family == gateway.AddressFamily)
            {
                return true;
            }
        }

        foreach ((Linux.Route.IpPrefix destination, _, bool isOnLink) in ConfiguredSubnet.Routes(plugin))
        {
            if (isOnLink && destination.Contains(gateway))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether anything is sent by an address's gateway: a default route, or a route without one of its own.</summary>
    internal bool IsUsed(IPAddress gateway)
    {
        if (ConfiguredSubnet.IsTrue(plugin, "isDefaultGateway"))
        {
            return true;
        }

        foreach ((Linux.Route.IpPrefix destination, IPAddress? own, bool isOnLink) in ConfiguredSubnet.Routes(plugin))
        {
            if (own is null && !isOnLink && destination.Family == gateway.AddressFamily)
            {
                return true;
            }
        }

        return false;
    }
}
