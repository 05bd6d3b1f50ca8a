using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>What IPAM's answer means for an interface: its addresses, the gateways, the routes.</summary>
internal sealed class AddressPlan
{
    private AddressPlan(List<CniIPConfig> addresses, List<CniRoute> routes, List<IpPrefix> gateways)
    {
        Addresses = addresses;
        Routes = routes;
        GatewayAddresses = gateways;
    }

    /// <summary>The interface's addresses, each with its gateway if there is one.</summary>
    internal IReadOnlyList<CniIPConfig> Addresses { get; }

    /// <summary>The routes of the result.</summary>
    internal IReadOnlyList<CniRoute> Routes { get; }

    /// <summary>The gateways, with their subnets' lengths, each once.</summary>
    internal IReadOnlyList<IpPrefix> GatewayAddresses { get; }

    internal bool HasV6 => Has(v6: true);

    /// <summary>Whether there is an address of a family.</summary>
    internal bool Has(bool v6)
    {
        foreach (CniIPConfig ip in Addresses)
        {
            if (ip.Address is { } address && address.IsV6 == v6)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Completes IPAM's answer: a gateway is the subnet's first address where none is named, and perhaps the default route.</summary>
    internal static AddressPlan Create(CniResult ipam, bool isGateway, bool isDefaultGateway)
    {
        List<CniIPConfig> addresses = [];
        List<CniRoute> routes = [.. ipam.Routes];
        List<IpPrefix> gateways = [];
        foreach (CniIPConfig ip in ipam.Ips)
        {
            if (ip.Address is not { } address)
            {
                continue;
            }

            IPAddress? gateway = ip.Gateway
                ?? (isGateway ? IpNumber.Of(address.Network.Address).Next().ToAddress(address.Family) : null);
            addresses.Add(ip with { Gateway = gateway });
            if (gateway is null)
            {
                continue;
            }

            IpPrefix gatewayAddress = new(gateway, gateway.AddressFamily == address.Family ? address.Length : IpText.Bits(gateway.AddressFamily));
            if (!gateways.Contains(gatewayAddress))
            {
                gateways.Add(gatewayAddress);
            }

            if (isDefaultGateway && !HasDefault(routes, gateway))
            {
                routes.Add(new CniRoute { Destination = IpPrefix.Default(gateway.AddressFamily), Gateway = gateway });
            }
        }

        return new AddressPlan(addresses, routes, gateways);
    }

    /// <summary>The routes to be made: those without a gateway of their own go by that of their family.</summary>
    internal IReadOnlyList<RouteEntry> RoutesToMake()
    {
        List<RouteEntry> entries = [];
        foreach (CniRoute route in Routes)
        {
            if (route.Destination is not { } destination)
            {
                continue;
            }

            bool ontoLink = route.Scope is 253;
            entries.Add(new RouteEntry
            {
                Destination = destination.Network,
                Gateway = route.Gateway ?? (ontoLink ? null : FirstGateway(destination.Family)),
                Priority = (int?)route.Priority,
                Table = (int?)route.Table ?? RouteEntry.MainTable,
                Scope = route.Scope,
                Mtu = route.Mtu,
                AdvMss = route.AdvMss,
            });
        }

        return entries;
    }

    // A default route without a gateway of its own will go by this gateway too: two would be one too many for the kernel.
    private static bool HasDefault(List<CniRoute> routes, IPAddress gateway) =>
        routes.Exists(route => route.Destination is { Length: 0 } destination && destination.Family == gateway.AddressFamily);

    private IPAddress? FirstGateway(AddressFamily family)
    {
        foreach (CniIPConfig ip in Addresses)
        {
            if (ip.Gateway is { } gateway && gateway.AddressFamily == family)
            {
                return gateway;
            }
        }

        return null;
    }
}
