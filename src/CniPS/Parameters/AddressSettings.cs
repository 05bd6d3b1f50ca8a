using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Net;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS;

/// <summary>Where a network's addresses come from, from which the <c>ipam</c> of its configuration is written.</summary>
internal sealed record AddressSettings
{
    /// <summary>host-local's subnets.</summary>
    internal IReadOnlyList<IpPrefix> Subnets { get; init; } = [];

    /// <summary>static's addresses.</summary>
    internal IReadOnlyList<IpPrefix> Addresses { get; init; } = [];

    /// <summary>Whether a DHCP server gives them.</summary>
    internal bool Dhcp { get; init; }

    internal IReadOnlyList<IPAddress> Gateways { get; init; } = [];

    internal IReadOnlyList<IPAddress> RangeStarts { get; init; } = [];

    internal IReadOnlyList<IPAddress> RangeEnds { get; init; } = [];

    internal IReadOnlyList<NetworkRoute> Routes { get; init; } = [];

    internal string? DataDir { get; init; }

    internal string? ResolvConf { get; init; }

    /// <summary>The <c>ipam</c>; null where there are no addresses.</summary>
    /// <exception cref="CniException">An address lies in none of the subnets, or in one that has one already; or settings exclude one another.</exception>
    internal OrderedDictionary? ToTable()
    {
        if ((Subnets.Count > 0 ? 1 : 0) + (Addresses.Count > 0 ? 1 : 0) + (Dhcp ? 1 : 0) > 1)
        {
            throw Refused("-Subnet, -StaticAddress and -Dhcp exclude one another", "Addresses come from one of them.");
        }

        bool givesRanges = RangeStarts.Count > 0 || RangeEnds.Count > 0;
        if (Subnets.Count == 0 && (givesRanges || DataDir is not null || ResolvConf is not null))
        {
            throw Refused("-RangeStart, -RangeEnd, -DataDir and -ResolvConf go with -Subnet", "Give the subnet.");
        }

        if (Subnets.Count == 0 && Addresses.Count == 0 && (Gateways.Count > 0 || Routes.Count > 0))
        {
            throw Refused("-Gateway and -Route go with -Subnet or -StaticAddress", Dhcp ? "The DHCP server gives both." : "Give the subnet.");
        }

        return Subnets.Count > 0 ? HostLocal() : Addresses.Count > 0 ? Static() : Dhcp ? new OrderedDictionary { ["type"] = "dhcp" } : null;
    }

    private OrderedDictionary HostLocal()
    {
        OrderedDictionary ipam = new() { ["type"] = "host-local" };
        IPAddress?[] gateways = Assign(Gateways, Subnets, "-Gateway");
        IPAddress?[] starts = Assign(RangeStarts, Subnets, "-RangeStart"), ends = Assign(RangeEnds, Subnets, "-RangeEnd");
        if (Subnets.Count == 1)
        {
            WriteRange(ipam, 0, gateways, starts, ends);
        }
        else
        {
            List<object> ranges = [];
            for (int i = 0; i < Subnets.Count; i++)
            {
                OrderedDictionary range = [];
                WriteRange(range, i, gateways, starts, ends);
                ranges.Add(new object[] { range });
            }

            ipam["ranges"] = ranges;
        }

        WriteRoutes(ipam);
        WriteText(ipam, "dataDir", DataDir);
        WriteText(ipam, "resolvConf", ResolvConf);
        return ipam;
    }

    private OrderedDictionary Static()
    {
        IPAddress?[] gateways = Assign(Gateways, Addresses, "-Gateway");
        List<object> addresses = [];
        for (int i = 0; i < Addresses.Count; i++)
        {
            OrderedDictionary address = new() { ["address"] = Addresses[i].ToString() };
            WriteText(address, "gateway", gateways[i]?.ToString());
            addresses.Add(address);
        }

        OrderedDictionary ipam = new() { ["type"] = "static", ["addresses"] = addresses };
        WriteRoutes(ipam);
        return ipam;
    }

    private void WriteRange(OrderedDictionary range, int subnet, IPAddress?[] gateways, IPAddress?[] starts, IPAddress?[] ends)
    {
        range["subnet"] = Subnets[subnet].ToString();
        WriteText(range, "rangeStart", starts[subnet]?.ToString());
        WriteText(range, "rangeEnd", ends[subnet]?.ToString());
        WriteText(range, "gateway", gateways[subnet]?.ToString());
    }

    private void WriteRoutes(OrderedDictionary ipam)
    {
        List<object> routes = [];
        foreach (NetworkRoute route in Routes)
        {
            OrderedDictionary written = new() { ["dst"] = route.Destination.ToString() };
            WriteText(written, "gw", route.Gateway?.ToString());
            routes.Add(written);
        }

        if (routes.Count > 0)
        {
            ipam["routes"] = routes;
        }
    }

    // Each address belongs to the subnet it lies in, in whatever order they are given.
    private static IPAddress?[] Assign(IReadOnlyList<IPAddress> addresses, IReadOnlyList<IpPrefix> subnets, string parameter)
    {
        IPAddress?[] assigned = new IPAddress?[subnets.Count];
        foreach (IPAddress address in addresses)
        {
            int subnet = 0;
            while (subnet < assigned.Length && (assigned[subnet] is not null || !subnets[subnet].Contains(address)))
            {
                subnet++;
            }

            if (subnet == assigned.Length)
            {
                throw new CniException(
                    CniErrorIds.InvalidNetworkConfig,
                    CniErrorCode.InvalidNetworkConfig,
                    $"{parameter} {address} lies in none of the subnets that have none yet ({string.Join(", ", subnets.Select(prefix => prefix.Network))})")
                {
                    RecommendedAction = "Give at most one for each subnet, out of that subnet.",
                    Target = address,
                };
            }

            assigned[subnet] = address;
        }

        return assigned;
    }

    private static void WriteText(OrderedDictionary table, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            table[key] = value;
        }
    }

    private static CniException Refused(string message, string action) =>
        new(CniErrorIds.InvalidArgs, CniErrorCode.Unknown, message) { RecommendedAction = action };
}
