namespace CniPS.Linux.Interop;

/// <summary>linux/netfilter/nf_tables.h: what rules ask and do, as far as they are only read.</summary>
internal static class NfExpr
{
    internal const uint NF_INET_INGRESS = 5, NF_NETDEV_INGRESS = 0, NF_NETDEV_EGRESS = 1;
    internal const ushort NFTA_HOOK_DEV = 3, NFTA_HOOK_DEVS = 4;
    internal const ushort NFTA_RULE_POSITION = 6;
    internal const ushort NFTA_SET_DESC_CONCAT = 2, NFTA_SET_FIELD_LEN = 1, NFTA_SET_ELEM_KEY_END = 10;
    internal const uint NFT_SET_CONCAT = 0x80, NFT_SET_ELEM_CATCHALL = 2;

    internal const ushort NFTA_META_SREG = 3, NFTA_CT_DIRECTION = 3, NFTA_CT_SREG = 4, NFTA_EXTHDR_DREG = 1;
    internal const uint NFT_META_LEN = 0, NFT_META_PROTOCOL = 1, NFT_META_IIF = 4, NFT_META_OIF = 5, NFT_META_IIFTYPE = 8, NFT_META_OIFTYPE = 9, NFT_META_SKUID = 10,
        NFT_META_SKGID = 11, NFT_META_BRI_IIFNAME = 17, NFT_META_BRI_OIFNAME = 18, NFT_META_PKTTYPE = 19;
    internal const uint NFT_CT_DIRECTION = 1, NFT_CT_MARK = 3, NFT_CT_L3PROTOCOL = 7, NFT_CT_PROTOCOL = 10, NFT_CT_PROTO_DST = 12, NFT_CT_SRC_IP = 19, NFT_CT_DST_IP = 20,
        NFT_CT_SRC_IP6 = 21, NFT_CT_DST_IP6 = 22, NFT_CT_SRC = 8, NFT_CT_DST = 9, IPS_SRC_NAT = 0x10;
    internal const uint NFT_CMP_LT = 2, NFT_CMP_GT = 4, NFT_RANGE_EQ = 0;
    internal const ushort NFTA_BITWISE_DATA = 7, NFTA_BYTEORDER_SREG = 1, NFTA_BYTEORDER_DREG = 2, NFTA_BYTEORDER_LEN = 4, NFTA_BYTEORDER_SIZE = 5;
    internal const uint NFT_BITWISE_LSHIFT = 1, NFT_BITWISE_RSHIFT = 2;
    internal const ushort NFTA_LIMIT_FLAGS = 5, NFTA_QUOTA_FLAGS = 2, NFTA_CONNLIMIT_FLAGS = 2, NFTA_REDIR_REG_PROTO_MIN = 1, NFTA_REJECT_TYPE = 1;
    internal const ushort NFTA_COUNTER_PACKETS = 2;
    internal const uint NFT_INVERT = 1; // of limits, quotas and numbers of connections alike
    internal const uint NFT_FIB_RESULT_OIF = 1, NFT_FIB_RESULT_OIFNAME = 2, NFTA_FIB_F_SADDR = 1, NFTA_FIB_F_MARK = 4, NFTA_FIB_F_IIF = 8, NFTA_FIB_F_PRESENT = 32;
    internal const uint NFT_NAT_SNAT = 0;

    // struct xt_entry_match and _target, as nft_compat carries them.
    internal const ushort NFTA_MATCH_NAME = 1, NFTA_MATCH_REV = 2, NFTA_MATCH_INFO = 3;

    internal const ushort ETH_P_IP = 0x0800, ETH_P_IPV6 = 0x86dd, ARPHRD_ETHER = 1, ARPHRD_LOOPBACK = 772;
}
