using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/rtnetlink.h, linux/if.h</summary>
internal static class Rt
{
    internal const ushort RTM_NEWLINK = 16, RTM_DELLINK = 17, RTM_GETLINK = 18, RTM_SETLINK = 19, RTM_NEWADDR = 20, RTM_DELADDR = 21,
        RTM_GETADDR = 22, RTM_NEWROUTE = 24, RTM_DELROUTE = 25, RTM_GETROUTE = 26, RTM_GETNEIGH = 30, RTM_GETNETCONF = 82, RTM_GETNSID = 90;
    internal const ushort NETCONFA_IFINDEX = 1, NETCONFA_FORWARDING = 2;
    internal const int NETCONFA_IFINDEX_ALL = -1;
    internal const ushort NETNSA_NSID = 1, NETNSA_FD = 3;
    internal const int NETNSA_NSID_NOT_ASSIGNED = -1;
    internal const uint RTNH_F_ONLINK = 4;
    internal const uint IFF_UP = 1, IFF_LOOPBACK = 8, IFF_NOARP = 0x80, IFF_PROMISC = 0x100, IFF_ALLMULTI = 0x200, IFF_LOWER_UP = 0x10000;
    internal const byte RT_TABLE_MAIN = 254, RTPROT_UNSPEC = 0, RTPROT_BOOT = 3, RTPROT_STATIC = 4, RTN_UNICAST = 1;
    internal const byte RT_SCOPE_UNIVERSE = 0;
    internal const byte RT_TABLE_UNSPEC = 0;
    internal const uint RTM_F_LOOKUP_TABLE = 0x1000;
    internal const ushort RTA_SRC = 2, RTA_IIF = 3, RTA_MARK = 16, RTA_VIA = 18, RTA_IP_PROTO = 27, RTA_SPORT = 28, RTA_DPORT = 29;
    internal const ushort RTA_DST = 1, RTA_OIF = 4, RTA_GATEWAY = 5, RTA_PRIORITY = 6, RTA_PREFSRC = 7, RTA_METRICS = 8, RTA_MULTIPATH = 9, RTA_TABLE = 15;
    internal const ushort RTAX_MTU = 2, RTAX_ADVMSS = 8;
    internal const uint RTEXT_FILTER_BRVLAN_COMPRESSED = 4, RTEXT_FILTER_SKIP_STATS = 8;
}

/// <summary>linux/if_bridge.h</summary>
internal static class Br
{
    internal const byte PF_BRIDGE = 7;
    internal const ushort IFLA_BRIDGE_VLAN_INFO = 2;
    internal const ushort BRIDGE_VLAN_INFO_PVID = 2, BRIDGE_VLAN_INFO_UNTAGGED = 4, BRIDGE_VLAN_INFO_RANGE_BEGIN = 8, BRIDGE_VLAN_INFO_RANGE_END = 16;
}

/// <summary>linux/neighbour.h</summary>
internal static class Nd
{
    internal const ushort RTM_NEWNEIGH = 28, RTM_DELNEIGH = 29;
    internal const byte NTF_SELF = 2;
    internal const ushort NDA_DST = 1, NDA_LLADDR = 2, NDA_VLAN = 5, NDA_MASTER = 9;
    internal const byte NTF_MASTER = 4;
}

/// <summary>linux/neighbour.h</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ndmsg
{
    internal byte ndm_family;
    internal byte ndm_pad1;
    internal ushort ndm_pad2;
    internal int ndm_ifindex;
    internal ushort ndm_state;
    internal byte ndm_flags;
    internal byte ndm_type;
}

/// <summary>linux/if_link.h, linux/if_addr.h, linux/veth.h, linux/net_namespace.h, linux/if_tun.h</summary>
internal static class If
{
    internal const ushort IFLA_ADDRESS = 1, IFLA_IFNAME = 3, IFLA_MTU = 4, IFLA_LINK = 5, IFLA_MASTER = 10, IFLA_PROTINFO = 12, IFLA_TXQLEN = 13,
        IFLA_OPERSTATE = 16, IFLA_LINKINFO = 18, IFLA_IFALIAS = 20, IFLA_STATS64 = 23, IFLA_AF_SPEC = 26, IFLA_GROUP = 27, IFLA_NET_NS_FD = 28, IFLA_EXT_MASK = 29, IFLA_XDP = 43, IFLA_XDP_PROG_ID = 4, IFLA_NUM_TX_QUEUES = 31,
        IFLA_NUM_RX_QUEUES = 32, IFLA_LINK_NETNSID = 37, IFLA_TARGET_NETNSID = 46;
    internal const ushort IFLA_INFO_KIND = 1, IFLA_INFO_DATA = 2, IFLA_INFO_SLAVE_KIND = 4, IFLA_INFO_SLAVE_DATA = 5;
    internal const ushort VETH_INFO_PEER = 1;
    internal const ushort IFLA_BR_VLAN_FILTERING = 7, IFLA_BR_VLAN_DEFAULT_PVID = 39;
    internal const ushort IFLA_MACVLAN_MODE = 1, IFLA_MACVLAN_BC_QUEUE_LEN = 7;
    internal const ushort IFLA_IPVLAN_MODE = 1, IFLA_IPVLAN_FLAGS = 2;
    internal const ushort IFLA_VLAN_ID = 1;
    internal const ushort IFLA_VRF_TABLE = 1;
    internal const ushort IFLA_VXLAN_ID = 1, IFLA_VXLAN_LINK = 3, IFLA_VXLAN_LOCAL = 4, IFLA_VXLAN_LEARNING = 7, IFLA_VXLAN_PORT = 15, IFLA_VXLAN_LOCAL6 = 17;
    internal const ushort IFLA_TUN_OWNER = 1, IFLA_TUN_GROUP = 2, IFLA_TUN_TYPE = 3, IFLA_TUN_MULTI_QUEUE = 7;
    internal const ushort IFLA_BRPORT_STATE = 1, IFLA_BRPORT_MODE = 4, IFLA_BRPORT_ISOLATED = 33;
    internal const ushort IFLA_INET_CONF = 1, IPV4_DEVCONF_ARP_NOTIFY = 22;
    internal const ushort IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_BROADCAST = 4, IFA_FLAGS = 8;
    internal const uint IFA_F_NODAD = 2, IFA_F_DADFAILED = 8, IFA_F_TENTATIVE = 0x40, IFA_F_NOPREFIXROUTE = 0x200;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ifinfomsg
{
    internal byte ifi_family;
    internal byte ifi_pad;
    internal ushort ifi_type;
    internal int ifi_index;
    internal uint ifi_flags;
    internal uint ifi_change;
}

/// <summary>The beginning of linux/if_link.h's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct rtnl_link_stats64
{
    internal ulong rx_packets, tx_packets, rx_bytes, tx_bytes, rx_errors, tx_errors, rx_dropped, tx_dropped;
}

[StructLayout(LayoutKind.Sequential)]
internal struct bridge_vlan_info
{
    internal ushort flags;
    internal ushort vid;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ifaddrmsg
{
    internal byte ifa_family;
    internal byte ifa_prefixlen;
    internal byte ifa_flags;
    internal byte ifa_scope;
    internal uint ifa_index;
}

[StructLayout(LayoutKind.Sequential)]
internal struct rtmsg
{
    internal byte rtm_family;
    internal byte rtm_dst_len;
    internal byte rtm_src_len;
    internal byte rtm_tos;
    internal byte rtm_table;
    internal byte rtm_protocol;
    internal byte rtm_scope;
    internal byte rtm_type;
    internal uint rtm_flags;
}
