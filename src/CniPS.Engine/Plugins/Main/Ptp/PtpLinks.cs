using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>
/// What the two ends of a pair are to have, as the changes that give it to them: ADD makes them, CHECK looks for each of them. All of the
/// container's traffic goes by the gateway, which is an address of the host's end: the gateway alone is on the link, and the container's own
/// subnet lies behind it.
/// </summary>
internal sealed class PtpLinks
{
    private readonly IHost _host;
    private readonly NetworkNamespace _container;
    private readonly LinkId _inside;
    private readonly LinkId _outside;
    private readonly AddressPlan _plan;
    private readonly bool _detectDuplicates;

    internal PtpLinks(IHost host, NetworkNamespace container, LinkId inside, LinkId outside, AddressPlan plan, bool detectDuplicates)
    {
        _host = host;
        _container = container;
        _inside = inside;
        _outside = outside;
        _plan = plan;
        _detectDuplicates = detectDuplicates;
    }

    /// <summary>The container's addresses, without the route to their subnet that the kernel would make.</summary>
    internal IEnumerable<AddressAdd> Inside()
    {
        foreach (CniIPConfig ip in _plan.Addresses)
        {
            yield return new AddressAdd(_container, _inside, ip.Address!.Value, NoDuplicateDetection: ip.Address.Value.IsV6 && !_detectDuplicates)
            {
                NoPrefixRoute = true,
            };
        }
    }

    /// <summary>The gateways' addresses, each once.</summary>
    internal IEnumerable<AddressAdd> Outside()
    {
        HashSet<IPAddress> seen = [];
        foreach (CniIPConfig ip in _plan.Addresses)
        {
            if (seen.Add(ip.Gateway!))
            {
                yield return new AddressAdd(_host.Namespace, _outside, IpPrefix.Host(ip.Gateway!), NoDuplicateDetection: ip.Address!.Value.IsV6);
            }
        }
    }

    /// <summary>The host's routes to the container.</summary>
    internal IEnumerable<RouteAdd> RoutesOutside()
    {
        foreach (CniIPConfig ip in _plan.Addresses)
        {
            yield return new RouteAdd(_host.Namespace, _outside, new RouteEntry
            {
                Destination = IpPrefix.Host(ip.Address!.Value.Address),
                Scope = 254,
            });
        }
    }

    /// <summary>The container's routes to the gateways, to its subnets behind them, and those of the result.</summary>
    internal IEnumerable<RouteAdd> RoutesInside()
    {
        HashSet<IpPrefix> seen = [];
        foreach (CniIPConfig ip in _plan.Addresses)
        {
            IpPrefix address = ip.Address!.Value, gateway = IpPrefix.Host(ip.Gateway!);
            if (seen.Add(gateway))
            {
                yield return Route(new RouteEntry { Destination = gateway, Scope = 253, Source = address.Address });
            }

            if (address.Network != gateway && address.Length < gateway.Length && seen.Add(address.Network))
            {
                yield return Route(new RouteEntry { Destination = address.Network, Gateway = ip.Gateway, Source = address.Address });
            }
        }

        foreach (RouteEntry route in _plan.RoutesToMake())
        {
            yield return Route(route with { OnLink = route.Gateway is { } hop && IsNeighbour(hop) });
        }
    }

    private RouteAdd Route(RouteEntry route) => new(_container, _inside, route);

    // In the subnet but not the gateway: it can still be an address of the host, which answers for it on every link.
    private bool IsNeighbour(IPAddress hop)
    {
        bool inSubnet = false;
        foreach (CniIPConfig ip in _plan.Addresses)
        {
            if (hop.Equals(ip.Gateway))
            {
                return false;
            }

            inSubnet |= ip.Address!.Value.Contains(hop);
        }

        return inSubnet;
    }
}
