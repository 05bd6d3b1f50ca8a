using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>The rules and routes for what is sent from the addresses of one interface.</summary>
internal sealed class SourceRoutes
{
    private const int FirstTable = 100;
    private const int LinkScope = 253;

    private readonly IHost _host;
    private readonly NetworkNamespace _namespace;
    private readonly LinkId _link;
    private readonly SbrConfiguration _configuration;
    private readonly IReadOnlyList<CniIPConfig> _ips;

    internal SourceRoutes(IHost host, NetworkNamespace ns, LinkId link, SbrConfiguration configuration, IReadOnlyList<CniIPConfig> ips)
    {
        _host = host;
        _namespace = ns;
        _link = link;
        _configuration = configuration;
        _ips = ips;
    }

    internal static IpPrefix HostOf(IPAddress address) => new(address, IpText.Bits(address.AddressFamily));

    /// <summary>The rules, and the tables with their routes.</summary>
    internal IReadOnlyList<Change> Tables()
    {
        HashSet<int> taken = [];
        foreach (RuleEntry rule in _host.GetRules(_namespace))
        {
            taken.Add(rule.Table);
        }

        foreach (RouteEntry route in _host.GetRoutes(_namespace))
        {
            taken.Add(route.Table);
        }

        List<Change> changes = [];
        IReadOnlyList<RouteEntry> main = MainRoutes();
        int table = FirstTable;
        foreach (CniIPConfig ip in _ips)
        {
            IpPrefix address = ip.Address!.Value;
            while (!taken.Add(table))
            {
                table++;
            }

            changes.Add(new RuleAdd(_namespace, new RuleEntry(HostOf(address.Address), table)));
            if (DefaultRoute(ip, table) is { } route)
            {
                changes.Add(new RouteAdd(_namespace, _link, route));
            }

            foreach (RouteEntry copied in main)
            {
                if (Concerns(copied, address))
                {
                    changes.Add(new RouteAdd(_namespace, _link, copied with { Table = table }) { Replace = true });
                }
            }
        }

        return changes;
    }

    /// <summary>The default route that an address has in its table, before a copied one; null without a gateway.</summary>
    internal RouteEntry? DefaultRoute(CniIPConfig ip, int table) => _configuration.GatewayOf(ip) is { } gateway
        ? new RouteEntry
        {
            Destination = new IpPrefix(gateway.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0),
            Gateway = gateway,
            Table = table,
        }
        : null;

    /// <summary>The subnets in the main table, with the address to send from.</summary>
    internal IReadOnlyList<Change> Hints()
    {
        List<Change> changes = [];
        foreach (CniIPConfig ip in _ips)
        {
            IpPrefix address = ip.Address!.Value;
            RouteEntry hint = new() { Destination = address.Network, Source = address.Address, Scope = LinkScope };
            changes.Add(new RouteAdd(_namespace, _link, hint) { Replace = true });
        }

        return changes;
    }

    /// <summary>Removes from the main table what is in the tables of their own now.</summary>
    internal IReadOnlyList<Change> Removal(IReadOnlyList<RouteEntry> main)
    {
        List<Change> changes = [];
        foreach (RouteEntry route in main)
        {
            if (!_configuration.AddSourceHints || route.Scope != LinkScope)
            {
                changes.Add(new RouteDelete(_namespace, _link, route));
            }
        }

        return changes;
    }

    /// <summary>The interface's routes in the main table.</summary>
    internal IReadOnlyList<RouteEntry> MainRoutes()
    {
        List<RouteEntry> routes = [];
        foreach (RouteEntry route in _host.GetRoutes(_namespace, _link.Index))
        {
            if (route.Table == RouteEntry.MainTable)
            {
                routes.Add(route);
            }
        }

        return routes;
    }

    // Those of the address's subnet, and those of nobody's: a gateway may be link-local, or in none of the subnets.
    private bool Concerns(RouteEntry route, IpPrefix address) =>
        (route.Source is null && route.Gateway is null)
        || (route.Source is { } source && address.Contains(source))
        || (route.Gateway is { } gateway && (address.Contains(gateway) || (route.Source is null && address.IsV6 == route.Destination.IsV6 && !IsInASubnet(gateway))));

    private bool IsInASubnet(IPAddress gateway)
    {
        foreach (CniIPConfig ip in _ips)
        {
            if (ip.Address!.Value.Contains(gateway))
            {
                return true;
            }
        }

        return false;
    }
}
