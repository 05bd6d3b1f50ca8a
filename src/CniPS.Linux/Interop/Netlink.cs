using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/netlink.h</summary>
internal static class Nl
{
    internal const int NETLINK_ROUTE = 0, NETLINK_NETFILTER = 12;
    internal const int SOL_NETLINK = 270, NETLINK_ADD_MEMBERSHIP = 1, NETLINK_CAP_ACK = 10, NETLINK_EXT_ACK = 11, NETLINK_GET_STRICT_CHK = 12;
    internal const ushort NLMSG_ERROR = 2, NLMSG_DONE = 3;
    internal const ushort NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_ECHO = 8, NLM_F_DUMP_INTR = 0x10, NLM_F_REPLACE = 0x100, NLM_F_EXCL = 0x200,
        NLM_F_CREATE = 0x400, NLM_F_APPEND = 0x800, NLM_F_DUMP = 0x300, NLM_F_CAPPED = 0x100, NLM_F_ACK_TLVS = 0x200;
    internal const ushort NLA_F_NESTED = 0x8000, NLA_TYPE_MASK = 0x3fff;
    internal const ushort NLMSGERR_ATTR_MSG = 1;
}

[StructLayout(LayoutKind.Sequential)]
internal struct sockaddr_nl
{
    internal ushort nl_family;
    internal ushort nl_pad;
    internal uint nl_pid;
    internal uint nl_groups;
}

[StructLayout(LayoutKind.Sequential)]
internal struct nlmsghdr
{
    internal uint nlmsg_len;
    internal ushort nlmsg_type;
    internal ushort nlmsg_flags;
    internal uint nlmsg_seq;
    internal uint nlmsg_pid;
}
