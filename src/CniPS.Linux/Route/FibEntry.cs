using System;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A line of a routing table, whatever it does with packets (RTM_NEWROUTE).</summary>
/// <param name="Type">What it does.</param>
/// <param name="Destination">For whom.</param>
/// <param name="Table">The table.</param>
public sealed record FibEntry(RouteType Type, IpPrefix Destination, int Table)
{
    /// <summary>The next hop; null for none.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The link it leads out by; 0 for none.</summary>
    public int LinkIndex { get; init; }

    /// <summary>Its metric; the lowest of several wins.</summary>
    public int Priority { get; init; }

    /// <summary>As <c>ip route</c> takes it.</summary>
    public override string ToString() =>
        $"{(Type == RouteType.Unicast ? "" : Type.ToString().ToLowerInvariant() + " ")}{(Destination.Length == 0 ? "default" : Destination.ToString())}"
        + $"{(Gateway is null ? "" : $" via {Gateway}")}{(Table == RouteEntry.MainTable ? "" : $" table {Table}")}";

    internal static FibEntry? Read(ReadOnlySpan<byte> body)
    {
        rtmsg header = NetlinkMessage.Split<rtmsg>(body, out NetlinkAttributes attributes);
        if (header.rtm_family != LibC.AF_INET && header.rtm_family != LibC.AF_INET6)
        {
            return null;
        }

        IPAddress destination = header.rtm_family == LibC.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        IPAddress? gateway = null;
        int link = 0, table = header.rtm_table, priority = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Rt.RTA_DST: destination = attributes.Address; break;
                case Rt.RTA_GATEWAY: gateway = attributes.Address; break;
                case Rt.RTA_OIF: link = attributes.S32; break;
                case Rt.RTA_TABLE: table = attributes.S32; break;
                case Rt.RTA_PRIORITY: priority = attributes.S32; break;
            }
        }

        return new FibEntry((RouteType)header.rtm_type, IpPrefix.OfKernel(destination, header.rtm_dst_len), table)
        {
            Gateway = gateway,
            LinkIndex = link,
            Priority = priority,
        };
    }
}
