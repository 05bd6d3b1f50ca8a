using System.Collections.Generic;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Main;

/// <summary>Compares an interface inside the container with the addresses and routes of a result.</summary>
internal sealed class InterfaceInspection
{
    private readonly IHost _host;
    private readonly NetworkNamespace _container;
    private readonly Link _link;
    private readonly List<Difference> _differences;

    internal InterfaceInspection(IHost host, NetworkNamespace container, Link link, List<Difference> differences)
    {
        _host = host;
        _container = container;
        _link = link;
        _differences = differences;
    }

    /// <summary>Every address of the result must be on the interface, with its prefix length.</summary>
    internal void CheckAddresses(CniResult expected)
    {
        IReadOnlyList<InterfaceAddress> present = _host.GetAddresses(_container, _link.Index);
        foreach (CniIPConfig ip in expected.Ips)
        {
            if (ip.Address is { } address && IsOnThisLink(expected, ip) && !Contains(present, address))
            {
                _differences.Add(new Difference(
                    $"address on {_link.Name}", address.ToString(), Describe(present), $"Failed to match addr {address} on interface {_link.Name}")
                {
                    Repair = [new AddressAdd(_container, _link.Id, address)],
                });
            }
        }
    }

    /// <summary>Every route of the result must be there.</summary>
    internal void CheckRoutes(CniResult expected)
    {
        IReadOnlyList<RouteEntry> present = _host.GetRoutes(_container);
        // Enslaved to a VRF, the interface's routes are in that one's table.
        int mainTable = _link.Master != 0 && _host.FindLink(_container, _link.Master)?.Settings is VrfSettings vrf ? (int)vrf.Table : RouteEntry.MainTable;
        foreach (RouteEntry wanted in AddressPlan.Create(expected, isGateway: false, isDefaultGateway: false).RoutesToMake())
        {
            RouteEntry route = wanted.Table == RouteEntry.MainTable ? wanted with { Table = mainTable } : wanted;
            if (Matching(present, route) is null && !IsElsewhere(_host, _container, present, route, expected))
            {
                string text = route.Gateway is null ? $"{route.Destination}" : $"{route.Destination} via {route.Gateway}";
                _differences.Add(new Difference($"route {route.Destination}", text, null, $"Expected Route {text} not found in routing table")
                {
                    Repair = [BesideOthers(present, new RouteAdd(_container, _link.Id, route))],
                });
            }
        }
    }

    // A plugin behind this one may have moved the routes to a table that packets from these addresses are led to, as sbr does.
    internal static bool IsElsewhere(IHost host, NetworkNamespace container, IReadOnlyList<RouteEntry> present, RouteEntry route, CniResult expected)
    {
        foreach (RuleEntry rule in host.GetRules(container))
        {
            foreach (CniIPConfig ip in expected.Ips)
            {
                if (rule.Source.Length > 0 && ip.Address is { } address && rule.Source.Contains(address.Address)
                    && Matching(present, route with { Table = rule.Table }) is not null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What adds a route though another interface has one to the same destination.</summary>
    internal static RouteAdd BesideOthers(IReadOnlyList<RouteEntry> present, RouteAdd add)
    {
        foreach (RouteEntry other in present)
        {
            if (other.Destination == add.Route.Destination && other.Table == add.Route.Table && other.LinkIndex != add.Link.Index)
            {
                return add with { Beside = true };
            }
        }

        return add;
    }

    internal static bool Contains(IReadOnlyList<InterfaceAddress> present, IpPrefix address)
    {
        foreach (InterfaceAddress candidate in present)
        {
            if (candidate.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    internal static RouteEntry? Matching(IReadOnlyList<RouteEntry> present, RouteEntry route)
    {
        foreach (RouteEntry candidate in present)
        {
            if (candidate.Destination == route.Destination
                && candidate.Table == route.Table
                && (route.Gateway is null || route.Gateway.Equals(candidate.Gateway))
                && (route.Priority is null || route.Priority == candidate.Priority))
            {
                return candidate;
            }
        }

        return null;
    }

    private bool IsOnThisLink(CniResult expected, CniIPConfig ip) =>
        ip.Interface is not { } index || index < 0 || index >= expected.Interfaces.Count || expected.Interfaces[index].Name == _link.Name;

    private static string? Describe(IReadOnlyList<InterfaceAddress> present)
    {
        List<string> texts = [];
        foreach (InterfaceAddress address in present)
        {
            if (address.IsGlobal)
            {
                texts.Add(address.Address.ToString());
            }
        }

        return texts.Count == 0 ? null : string.Join(", ", texts);
    }
}
