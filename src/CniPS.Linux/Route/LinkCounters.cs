using System;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>What a link has received and sent since it was made (IFLA_STATS64, rtnetlink(7)).</summary>
/// <param name="Link">The link.</param>
public sealed record LinkCounters(LinkId Link)
{
    /// <summary>What came in by it.</summary>
    public required TrafficCount Received { get; init; }

    /// <summary>What left by it.</summary>
    public required TrafficCount Sent { get; init; }

    /// <summary>Reads what stands behind nlmsghdr in an RTM_NEWLINK message; null where it has no counters.</summary>
    internal static LinkCounters? Read(ReadOnlySpan<byte> body)
    {
        ifinfomsg header = NetlinkMessage.Split<ifinfomsg>(body, out NetlinkAttributes attributes);
        string name = "";
        rtnl_link_stats64? counted = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case If.IFLA_IFNAME: name = attributes.Text; break;
                case If.IFLA_STATS64: counted = attributes.Struct<rtnl_link_stats64>(); break;
            }
        }

        return counted is not { } all ? null : new LinkCounters(new LinkId(name, header.ifi_index))
        {
            Received = new TrafficCount(all.rx_packets, all.rx_bytes, all.rx_dropped, all.rx_errors),
            Sent = new TrafficCount(all.tx_packets, all.tx_bytes, all.tx_dropped, all.tx_errors),
        };
    }
}

/// <summary>What went one way.</summary>
/// <param name="Packets">Packets.</param>
/// <param name="Bytes">Their bytes, with the link layer's headers.</param>
/// <param name="Drops">Packets that were thrown away.</param>
/// <param name="Errors">Packets that were broken.</param>
public readonly record struct TrafficCount(ulong Packets, ulong Bytes, ulong Drops, ulong Errors)
{
    /// <summary>Both together.</summary>
    public static TrafficCount operator +(TrafficCount a, TrafficCount b) =>
        new(a.Packets + b.Packets, a.Bytes + b.Bytes, a.Drops + b.Drops, a.Errors + b.Errors);

    /// <summary>What came to it since <paramref name="b"/> was counted.</summary>
    public static TrafficCount operator -(TrafficCount a, TrafficCount b) =>
        new(a.Packets - b.Packets, a.Bytes - b.Bytes, a.Drops - b.Drops, a.Errors - b.Errors);
}
