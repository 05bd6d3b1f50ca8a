using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>What a route does with packets (RTN_*, linux/rtnetlink.h).</summary>
public enum RouteType : byte
{
    /// <summary>None that is told.</summary>
    Unknown,

    /// <summary>It sends them on.</summary>
    Unicast,

    /// <summary>They are for this namespace.</summary>
    Local,

    /// <summary>They are for all on a link.</summary>
    Broadcast,

    /// <summary>Accepted as a broadcast, sent on as a unicast.</summary>
    Anycast,

    /// <summary>They are for a group.</summary>
    Multicast,

    /// <summary>It drops them silently.</summary>
    Blackhole,

    /// <summary>It answers that the host can't be reached.</summary>
    Unreachable,

    /// <summary>It answers that it is forbidden.</summary>
    Prohibit,

    /// <summary>It has the next rule asked.</summary>
    Throw,
}

/// <summary>Where the kernel would send a packet (the answer to RTM_GETROUTE).</summary>
/// <param name="Errno">Why it would send it nowhere; 0 where it would.</param>
public sealed record RouteDecision(int Errno)
{
    /// <summary>What would become of the packet.</summary>
    public RouteType Type { get; init; }

    /// <summary>The link it would leave by; 0 for none.</summary>
    public int LinkIndex { get; init; }

    /// <summary>The next hop; null for the destination itself.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The source address that it would get if it had none.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The table that decided.</summary>
    public int Table { get; init; }

    /// <summary>The MTU along the route, in bytes, where one is set.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether there is a way: to somebody else, or to this namespace itself.</summary>
    public bool IsWay => Errno == 0 && Type is not (RouteType.Blackhole or RouteType.Unreachable or RouteType.Prohibit);

    /// <summary>The kernel's own words for why there is none.</summary>
    public string Refusal => LinuxException.Describe(Errno);

    /// <summary>Reads what stands behind nlmsghdr in an RTM_NEWROUTE message.</summary>
    internal static RouteDecision Read(System.ReadOnlySpan<byte> body)
    {
        rtmsg header = NetlinkMessage.Split<rtmsg>(body, out NetlinkAttributes attributes);
        IPAddress? gateway = null, source = null;
        int link = 0, table = header.rtm_table;
        int? mtu = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Rt.RTA_GATEWAY: gateway = attributes.Address; break;
                case Rt.RTA_VIA when attributes.Value.Length is 6 or 18: gateway = new IPAddress(attributes.Value[2..]); break; // behind the family
                case Rt.RTA_PREFSRC: source = attributes.Address; break;
                case Rt.RTA_OIF: link = attributes.S32; break;
                case Rt.RTA_TABLE: table = attributes.S32; break;
                case Rt.RTA_METRICS:
                    NetlinkAttributes metrics = attributes.Nested;
                    while (metrics.Next())
                    {
                        mtu = metrics.Type == Rt.RTAX_MTU ? metrics.S32 : mtu;
                    }

                    break;
            }
        }

        return new RouteDecision(0) { Type = (RouteType)header.rtm_type, LinkIndex = link, Gateway = gateway, Source = source, Table = table, Mtu = mtu };
    }
}
