using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Node.Overlay;

/// <summary>The link that leads to the other nodes, and the node's addresses there.</summary>
/// <param name="Link">The link.</param>
/// <param name="Mtu">Its MTU.</param>
/// <param name="Addresses">Its global addresses, with the lengths of their networks.</param>
internal sealed record Uplink(LinkId Link, int Mtu, IReadOnlyList<IpPrefix> Addresses)
{
    /// <summary>By which address other nodes reach this one.</summary>
    internal IPAddress? PublicIP { get; init; }

    /// <summary>By which IPv6 address.</summary>
    internal IPAddress? PublicIPv6 { get; init; }

    /// <summary>Where a tunnel's packets come from: the address that others know, unless that is another machine's, which passes them on.</summary>
    internal IPAddress? LocalOf(bool v6) => Has(v6 ? PublicIPv6 : PublicIP) ? v6 ? PublicIPv6 : PublicIP : First(v6);

    /// <summary>Whether an address is on the link's own networks.</summary>
    internal bool Reaches(IPAddress address)
    {
        foreach (IpPrefix own in Addresses)
        {
            if (own.Contains(address) && own.Length < IpText.Bits(own.Family))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds it.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="name">Its name; null for the link of the default route.</param>
    /// <param name="before">Its name when it was found before: a default route may be away for a while.</param>
    /// <param name="publics">The node's addresses, where they aren't the link's first ones.</param>
    /// <exception cref="CniException">There is none, or it has no IPv4 address.</exception>
    internal static Uplink Find(IHost host, string? name, string? before, IReadOnlyList<IPAddress> publics)
    {
        Link link =
            (name is not null ? host.FindLink(host.Namespace, name) : OfDefaultRoute(host) ?? (before is null ? null : host.FindLink(host.Namespace, before)))
            ?? throw Missing(name is null ? "there is no default route whose link leads to the other nodes" : $"there is no link {name}, which leads to the other nodes");
        List<IpPrefix> addresses = [];
        foreach (InterfaceAddress address in host.GetAddresses(host.Namespace, link.Index))
        {
            if (address.IsGlobal && !address.IsDuplicate)
            {
                addresses.Add(address.Address);
            }
        }

        Uplink found = new(link.Id, link.Mtu, addresses);
        found = found with { PublicIP = Of(publics, v6: false) ?? found.First(v6: false), PublicIPv6 = Of(publics, v6: true) ?? found.First(v6: true) };
        return found.First(v6: false) is not null && found.PublicIP is not null ? found : throw Missing($"{link.Name}, which leads to the other nodes, has no IPv4 address");
    }

    private IPAddress? First(bool v6)
    {
        foreach (IpPrefix address in Addresses)
        {
            if (address.IsV6 == v6)
            {
                return address.Address;
            }
        }

        return null;
    }

    private bool Has(IPAddress? address)
    {
        foreach (IpPrefix own in Addresses)
        {
            if (own.Address.Equals(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPAddress? Of(IReadOnlyList<IPAddress> publics, bool v6)
    {
        foreach (IPAddress address in publics)
        {
            if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 == v6)
            {
                return address;
            }
        }

        return null;
    }

    private static Link? OfDefaultRoute(IHost host)
    {
        RouteEntry? best = null;
        foreach (RouteEntry route in host.GetRoutes(host.Namespace))
        {
            if (route.Destination == IpPrefix.Default(System.Net.Sockets.AddressFamily.InterNetwork) && route.Table == RouteEntry.MainTable
                && (best is null || (route.Priority ?? 0) < (best.Priority ?? 0)))
            {
                best = route;
            }
        }

        return best is null ? null : host.FindLink(host.Namespace, best.LinkIndex);
    }

    private static CniException Missing(string message) => new(CniErrorIds.InvalidNetworkConfig, CniErrorCode.InvalidNetworkConfig, message)
    {
        RecommendedAction = "Name the link (cnipsd --uplink), and see that it has its address.",
    };
}
