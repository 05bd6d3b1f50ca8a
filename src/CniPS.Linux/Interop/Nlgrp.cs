namespace CniPS.Linux.Interop;

/// <summary>Who is told what unasked: linux/rtnetlink.h, linux/netlink.h, linux/netfilter/nfnetlink.h.</summary>
internal static class Nlgrp
{
    internal const int NETLINK_ADD_MEMBERSHIP = 1, NETLINK_LISTEN_ALL_NSID = 8;
    internal const int RTNLGRP_LINK = 1, RTNLGRP_NEIGH = 3, RTNLGRP_IPV4_IFADDR = 5, RTNLGRP_IPV4_ROUTE = 7, RTNLGRP_IPV6_IFADDR = 9, RTNLGRP_IPV6_ROUTE = 11,
        RTNLGRP_NSID = 28;
    internal const int NFNLGRP_NFTABLES = 7;
    internal const ushort RTM_DELNSID = 89;
    internal const uint RTM_F_CLONED = 0x200;
}
