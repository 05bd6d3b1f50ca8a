using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/netfilter.h, linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h, linux/netfilter/nf_nat.h</summary>
internal static class Nf
{
    internal const byte NFPROTO_INET = 1, NFPROTO_IPV4 = 2, NFPROTO_ARP = 3, NFPROTO_NETDEV = 5, NFPROTO_BRIDGE = 7, NFPROTO_IPV6 = 10;
    internal const uint NF_INET_PRE_ROUTING = 0, NF_INET_LOCAL_IN = 1, NF_INET_FORWARD = 2, NF_INET_LOCAL_OUT = 3, NF_INET_POST_ROUTING = 4;
    internal const int NF_DROP = 0, NF_ACCEPT = 1;
    internal const int NFT_JUMP = -3, NFT_GOTO = -4, NFT_RETURN = -5;

    internal const ushort NFNL_SUBSYS_NFTABLES = 10;
    internal const ushort NFNL_MSG_BATCH_BEGIN = 0x10, NFNL_MSG_BATCH_END = 0x11;
    internal const ushort NFT_MSG_NEWTABLE = 0xa00, NFT_MSG_GETTABLE = 0xa01, NFT_MSG_DELTABLE = 0xa02,
        NFT_MSG_NEWCHAIN = 0xa03, NFT_MSG_GETCHAIN = 0xa04, NFT_MSG_DELCHAIN = 0xa05,
        NFT_MSG_NEWRULE = 0xa06, NFT_MSG_GETRULE = 0xa07, NFT_MSG_DELRULE = 0xa08,
        NFT_MSG_NEWSET = 0xa09, NFT_MSG_GETSET = 0xa0a, NFT_MSG_DELSET = 0xa0b,
        NFT_MSG_NEWSETELEM = 0xa0c, NFT_MSG_GETSETELEM = 0xa0d, NFT_MSG_DELSETELEM = 0xa0e,
        NFT_MSG_GETGEN = 0xa10, NFT_MSG_TRACE = 0xa11;
    internal const int NFNLGRP_NFTRACE = 9;

    // In a deletion: refuse while something is inside (linux/netlink.h).
    internal const ushort NLM_F_NONREC = 0x100;

    internal const ushort NFTA_GEN_ID = 1;
    internal const uint NFT_TABLE_F_DORMANT = 1, NFT_TABLE_F_OWNER = 2;
    internal const ushort NFTA_LIST_ELEM = 1;
    internal const ushort NFTA_TABLE_NAME = 1, NFTA_TABLE_FLAGS = 2, NFTA_TABLE_USERDATA = 6;
    internal const ushort NFTA_CHAIN_TABLE = 1, NFTA_CHAIN_NAME = 3, NFTA_CHAIN_HOOK = 4, NFTA_CHAIN_POLICY = 5, NFTA_CHAIN_TYPE = 7,
        NFTA_CHAIN_USERDATA = 12;
    internal const ushort NFTA_HOOK_HOOKNUM = 1, NFTA_HOOK_PRIORITY = 2, NFTA_HOOK_DEVS = 4, NFTA_DEVICE_NAME = 1;
    internal const ushort NFTA_RULE_TABLE = 1, NFTA_RULE_CHAIN = 2, NFTA_RULE_HANDLE = 3, NFTA_RULE_EXPRESSIONS = 4, NFTA_RULE_USERDATA = 7;
    internal const ushort NFTA_SET_TABLE = 1, NFTA_SET_NAME = 2, NFTA_SET_FLAGS = 3, NFTA_SET_KEY_TYPE = 4, NFTA_SET_KEY_LEN = 5,
        NFTA_SET_DATA_TYPE = 6, NFTA_SET_DATA_LEN = 7, NFTA_SET_DESC = 9, NFTA_SET_DESC_SIZE = 1, NFTA_SET_ID = 10, NFTA_SET_USERDATA = 13;
    internal const uint NFT_SET_ANONYMOUS = 1, NFT_SET_CONSTANT = 2, NFT_SET_INTERVAL = 4, NFT_SET_MAP = 8, NFT_DATA_VERDICT = 0xffffff00;
    internal const ushort NFTA_SET_ELEM_LIST_TABLE = 1, NFTA_SET_ELEM_LIST_SET = 2, NFTA_SET_ELEM_LIST_ELEMENTS = 3, NFTA_SET_ELEM_LIST_SET_ID = 4;
    internal const ushort NFTA_SET_ELEM_KEY = 1, NFTA_SET_ELEM_DATA = 2, NFTA_SET_ELEM_FLAGS = 3, NFTA_SET_ELEM_USERDATA = 6;
    internal const ushort NFTA_DATA_VALUE = 1, NFTA_DATA_VERDICT = 2, NFTA_VERDICT_CODE = 1, NFTA_VERDICT_CHAIN = 2;

    internal const ushort NFTA_EXPR_NAME = 1, NFTA_EXPR_DATA = 2;
    internal const ushort NFTA_IMMEDIATE_DREG = 1, NFTA_IMMEDIATE_DATA = 2;
    internal const ushort NFTA_BITWISE_SREG = 1, NFTA_BITWISE_DREG = 2, NFTA_BITWISE_LEN = 3, NFTA_BITWISE_MASK = 4, NFTA_BITWISE_XOR = 5, NFTA_BITWISE_OP = 6;
    internal const ushort NFTA_CMP_SREG = 1, NFTA_CMP_OP = 2, NFTA_CMP_DATA = 3;
    internal const ushort NFTA_LOOKUP_SET = 1, NFTA_LOOKUP_SREG = 2, NFTA_LOOKUP_DREG = 3, NFTA_LOOKUP_SET_ID = 4, NFTA_LOOKUP_FLAGS = 5;
    internal const ushort NFTA_RANGE_SREG = 1, NFTA_RANGE_OP = 2, NFTA_RANGE_FROM_DATA = 3, NFTA_RANGE_TO_DATA = 4;
    internal const ushort NFTA_PAYLOAD_DREG = 1, NFTA_PAYLOAD_BASE = 2, NFTA_PAYLOAD_OFFSET = 3, NFTA_PAYLOAD_LEN = 4;
    internal const ushort NFTA_META_DREG = 1, NFTA_META_KEY = 2, NFTA_META_SREG = 3;
    internal const ushort NFTA_NAT_TYPE = 1, NFTA_NAT_FAMILY = 2, NFTA_NAT_REG_ADDR_MIN = 3, NFTA_NAT_REG_ADDR_MAX = 4, NFTA_NAT_REG_PROTO_MIN = 5,
        NFTA_NAT_REG_PROTO_MAX = 6, NFTA_NAT_FLAGS = 7;
    internal const ushort NFTA_FIB_DREG = 1, NFTA_FIB_RESULT = 2, NFTA_FIB_FLAGS = 3;

    internal const ushort NFTA_CT_DREG = 1, NFTA_CT_KEY = 2;
    internal const ushort NFTA_TRACE_TABLE = 1, NFTA_TRACE_CHAIN = 2, NFTA_TRACE_RULE_HANDLE = 3, NFTA_TRACE_TYPE = 4, NFTA_TRACE_VERDICT = 5, NFTA_TRACE_ID = 6,
        NFTA_TRACE_NETWORK_HEADER = 8, NFTA_TRACE_TRANSPORT_HEADER = 9, NFTA_TRACE_IIF = 10, NFTA_TRACE_OIF = 12, NFTA_TRACE_MARK = 14, NFTA_TRACE_POLICY = 16;

    // The verdict, four registers of 16 bytes, and the same room again as sixteen of 4.
    internal const uint NFT_REG_VERDICT = 0, NFT_REG_1 = 1, NFT_REG_2 = 2, NFT_REG32_00 = 8;
    internal const uint NFT_CMP_EQ = 0, NFT_CMP_NEQ = 1, NFT_CMP_LTE = 3, NFT_CMP_GTE = 5, NFT_RANGE_NEQ = 1, NFT_SET_ELEM_INTERVAL_END = 1, NFT_LOOKUP_F_INV = 1, NFT_BITWISE_MASK_XOR = 0;
    internal const uint NFT_PAYLOAD_LL_HEADER = 0, NFT_PAYLOAD_NETWORK_HEADER = 1, NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    internal const uint NFT_META_MARK = 3, NFT_META_IIFNAME = 6, NFT_META_OIFNAME = 7, NFT_META_NFTRACE = 12, NFT_META_NFPROTO = 15, NFT_META_L4PROTO = 16;
    internal const uint NFT_NAT_DNAT = 1, NF_NAT_RANGE_MAP_IPS = 1, NF_NAT_RANGE_PROTO_SPECIFIED = 2;
    internal const uint NFT_CT_STATE = 0, NFT_CT_STATUS = 2, IPS_DST_NAT = 0x20;
    internal const int NF_CT_STATE_INVALID = 1, NF_CT_STATE_ESTABLISHED = 2, NF_CT_STATE_RELATED = 4, NF_CT_STATE_NEW = 8, NF_CT_STATE_UNTRACKED = 64; // NF_CT_STATE_BIT
    internal const uint NFT_FIB_RESULT_ADDRTYPE = 3, NFTA_FIB_F_DADDR = 2, RTN_LOCAL = 2;

    internal const byte IPPROTO_ICMP = 1, IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_ICMPV6 = 58, IPPROTO_SCTP = 132;
}

/// <summary>struct nfgenmsg, linux/netfilter/nfnetlink.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nfgenmsg
{
    internal byte nfgen_family;
    internal byte version;
    internal ushort res_id; // big-endian
}

/// <summary>What nft keeps in user data, by libnftnl's names (udata.h): type, length and value in a byte, a byte and the rest.</summary>
internal static class Udata
{
    internal const byte NFTNL_UDATA_TABLE_COMMENT = 0, NFTNL_UDATA_CHAIN_COMMENT = 0, NFTNL_UDATA_RULE_COMMENT = 0, NFTNL_UDATA_SET_ELEM_COMMENT = 0;
    internal const byte NFTNL_UDATA_SET_KEYBYTEORDER = 0, NFTNL_UDATA_SET_DATABYTEORDER = 1, NFTNL_UDATA_SET_MERGE_ELEMENTS = 2, NFTNL_UDATA_SET_DATA_INTERVAL = 6,
        NFTNL_UDATA_SET_COMMENT = 7;
    internal const int NFTNL_UDATA_COMMENT_MAXLEN = 128;
    internal const int BYTEORDER_INVALID = 0, BYTEORDER_HOST_ENDIAN = 1, BYTEORDER_BIG_ENDIAN = 2;
}
