using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A unicast route (RTM_NEWROUTE, rtnetlink(7)).</summary>
public sealed record RouteEntry
{
    private const int NextHopLength = 8;

    /// <summary>The table <c>main</c>.</summary>
    public const int MainTable = Rt.RT_TABLE_MAIN;

    /// <summary>Where it leads; <c>0.0.0.0/0</c> or <c>::/0</c> for a default route.</summary>
    public required IpPrefix Destination { get; init; }

    /// <summary>The next hop; null for a route straight onto a link.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Whether the next hop counts as being on the link although no route leads to it there (RTNH_F_ONLINK).</summary>
    public bool OnLink { get; init; }

    /// <summary>The index of the interface it leaves by; 0 for none.</summary>
    public int LinkIndex { get; init; }

    /// <summary>The routing table.</summary>
    public int Table { get; init; } = MainTable;

    /// <summary>Its metric; null for the kernel's default (IPv4: 0, IPv6: 1024).</summary>
    public int? Priority { get; init; }

    /// <summary>0 universe, 253 link, 254 host; null for what the kernel takes: universe.</summary>
    public int? Scope { get; init; }

    /// <summary>The source address it suggests.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The MTU along it, in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>The TCP maximum segment size advertised along it, in bytes.</summary>
    public int? AdvMss { get; init; }

    /// <summary>Who made it (rtm_protocol): 2 the kernel, 3 boot, as <c>ip route add</c> does; above 4 a daemon.</summary>
    public int Protocol { get; init; } = Rt.RTPROT_BOOT;

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => Destination.Family;

    /// <summary>Reads a message: one route, or one for each of several next hops, which the kernel lists as one (RTA_MULTIPATH).</summary>
    /// <param name="body">What stands behind nlmsghdr.</param>
    /// <param name="routes">Takes them; nothing where the message is of no unicast route.</param>
    internal static void Read(ReadOnlySpan<byte> body, List<RouteEntry> routes)
    {
        if (ReadOne(body, out ReadOnlySpan<byte> hops) is not { } route)
        {
            return;
        }

        if (hops.IsEmpty)
        {
            routes.Add(route);
        }

        while (hops.Length >= NextHopLength)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(hops), hops.Length);
            if (length < NextHopLength)
            {
                return;
            }

            routes.Add(ReadHop(route, hops[..length]));
            hops = hops[Math.Min((length + 3) & ~3, hops.Length)..];
        }
    }

    // struct rtnexthop: length, flags, weight, index of the interface; attributes behind it.
    private static RouteEntry ReadHop(RouteEntry route, ReadOnlySpan<byte> hop)
    {
        IPAddress? gateway = null;
        NetlinkAttributes attributes = new(hop[NextHopLength..]);
        while (attributes.Next())
        {
            gateway = attributes.Type == Rt.RTA_GATEWAY ? attributes.Address : gateway;
        }

        return route with
        {
            Gateway = gateway,
            LinkIndex = BinaryPrimitives.ReadInt32LittleEndian(hop[4..]),
            OnLink = (hop[2] & Rt.RTNH_F_ONLINK) != 0,
        };
    }

    private static RouteEntry? ReadOne(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> hops)
    {
        hops = default;
        rtmsg header = NetlinkMessage.Split<rtmsg>(body, out NetlinkAttributes attributes);
        if (header.rtm_type != Rt.RTN_UNICAST || (header.rtm_family != LibC.AF_INET && header.rtm_family != LibC.AF_INET6))
        {
            return null;
        }

        IPAddress? destination = null, gateway = null, source = null;
        int link = 0, table = header.rtm_table;
        int? priority = null, mtu = null, advMss = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Rt.RTA_DST: destination = attributes.Address; break;
                case Rt.RTA_GATEWAY: gateway = attributes.Address; break;
                case Rt.RTA_PREFSRC: source = attributes.Address; break;
                case Rt.RTA_OIF: link = attributes.S32; break;
                case Rt.RTA_MULTIPATH: hops = attributes.Value; break;
                case Rt.RTA_TABLE: table = attributes.S32; break;
                case Rt.RTA_PRIORITY: priority = attributes.S32; break;
                case Rt.RTA_METRICS:
                    NetlinkAttributes metrics = attributes.Nested;
                    while (metrics.Next())
                    {
                        switch (metrics.Type)
                        {
                            case Rt.RTAX_MTU: mtu = metrics.S32; break;
                            case Rt.RTAX_ADVMSS: advMss = metrics.S32; break;
                        }
                    }

                    break;
            }
        }

        IPAddress any = header.rtm_family == LibC.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        return new RouteEntry
        {
            Destination = IpPrefix.OfKernel(destination ?? any, header.rtm_dst_len),
            Gateway = gateway,
            LinkIndex = link,
            OnLink = (header.rtm_flags & Rt.RTNH_F_ONLINK) != 0,
            Table = table,
            Priority = priority,
            Scope = header.rtm_scope,
            Source = source,
            Mtu = mtu,
            AdvMss = advMss,
            Protocol = header.rtm_protocol,
        };
    }
}
