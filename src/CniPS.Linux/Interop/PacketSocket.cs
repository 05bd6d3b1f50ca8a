using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/if_packet.h, linux/if_ether.h, linux/if_arp.h, and linux/filter.h's own places</summary>
internal static class Packet
{
    internal const int SOL_PACKET = 263;
    internal const int PACKET_ADD_MEMBERSHIP = 1, PACKET_RX_RING = 5, PACKET_STATISTICS = 6, PACKET_VERSION = 10;
    internal const int TPACKET_V3 = 2, PACKET_MR_PROMISC = 1, PACKET_OUTGOING = 4;
    internal const uint TP_STATUS_KERNEL = 0, TP_STATUS_USER = 1, TP_STATUS_VLAN_VALID = 0x10, TP_STATUS_VLAN_TPID_VALID = 0x40;
    internal const ushort ETH_P_ALL = 3, ETH_P_IP = 0x0800, ETH_P_ARP = 0x0806, ETH_P_8021Q = 0x8100, ETH_P_IPV6 = 0x86dd;
    internal const ushort ARPHRD_ETHER = 1, ARPHRD_LOOPBACK = 772;

    // Loads from there: what is known of a packet beside its bytes, and its bytes from IP's header on, whatever stands before.
    internal const uint SKF_AD_PROTOCOL = 0xfffff000, SKF_NET_OFF = 0xfff00000;
}

/// <summary>struct tpacket_req3</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct tpacket_req3
{
    internal uint tp_block_size;
    internal uint tp_block_nr;
    internal uint tp_frame_size;
    internal uint tp_frame_nr;
    internal uint tp_retire_blk_tov;
    internal uint tp_sizeof_priv;
    internal uint tp_feature_req_word;
}

/// <summary>struct tpacket_block_desc with its tpacket_hdr_v1, as far as it is read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct tpacket_block_desc
{
    internal uint version;
    internal uint offset_to_priv;
    internal uint block_status;
    internal uint num_pkts;
    internal uint offset_to_first_pkt;
}

/// <summary>struct tpacket3_hdr; sockaddr_ll stands behind it, at the next multiple of 16.</summary>
[StructLayout(LayoutKind.Sequential, Size = 48)]
internal struct tpacket3_hdr
{
    internal uint tp_next_offset;
    internal uint tp_sec;
    internal uint tp_nsec;
    internal uint tp_snaplen;
    internal uint tp_len;
    internal uint tp_status;
    internal ushort tp_mac;
    internal ushort tp_net;
    internal uint tp_rxhash;
    internal uint tp_vlan_tci;
    internal ushort tp_vlan_tpid;
}

/// <summary>struct tpacket_stats_v3</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct tpacket_stats_v3
{
    internal uint tp_packets;
    internal uint tp_drops;
    internal uint tp_freeze_q_cnt;
}
