namespace CniPS.Linux.Interop;

/// <summary>linux/netfilter/nfnetlink_conntrack.h</summary>
internal static class Ct
{
    internal const ushort IPCTNL_MSG_CT_NEW = 0x100, IPCTNL_MSG_CT_GET = 0x101, IPCTNL_MSG_CT_DELETE = 0x102;
    internal const ushort CTA_TUPLE_ORIG = 1, CTA_TUPLE_REPLY = 2, CTA_COUNTERS_ORIG = 9, CTA_COUNTERS_REPLY = 10, CTA_ID = 12, CTA_ZONE = 18;
    internal const ushort CTA_TUPLE_IP = 1, CTA_TUPLE_PROTO = 2;
    internal const ushort CTA_IP_V4_SRC = 1, CTA_IP_V4_DST = 2, CTA_IP_V6_SRC = 3, CTA_IP_V6_DST = 4;
    internal const ushort CTA_PROTO_NUM = 1, CTA_PROTO_SRC_PORT = 2, CTA_PROTO_DST_PORT = 3, CTA_PROTO_ICMP_ID = 4, CTA_PROTO_ICMP_TYPE = 5, CTA_PROTO_ICMP_CODE = 6;
    internal const ushort CTA_COUNTERS_BYTES = 2;
}
