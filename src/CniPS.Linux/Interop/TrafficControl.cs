using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/pkt_sched.h, linux/pkt_cls.h, linux/tc_act/tc_mirred.h</summary>
internal static class Tc
{
    internal const ushort RTM_NEWQDISC = 36, RTM_DELQDISC = 37, RTM_GETQDISC = 38, RTM_NEWTFILTER = 44;
    internal const uint TC_H_ROOT = 0xFFFFFFFF, TC_H_INGRESS = 0xFFFFFFF1;
    internal const ushort TCA_KIND = 1, TCA_OPTIONS = 2;
    internal const ushort TCA_TBF_PARMS = 1, TCA_TBF_RATE64 = 4;
    internal const ushort TCA_U32_CLASSID = 1, TCA_U32_SEL = 5, TCA_U32_ACT = 7;
    internal const byte TC_U32_TERMINAL = 1;
    internal const ushort TCA_ACT_KIND = 1, TCA_ACT_OPTIONS = 2, TCA_MIRRED_PARMS = 2;
    internal const int TC_ACT_STOLEN = 4, TCA_EGRESS_REDIR = 1;
    internal const ushort ETH_P_ALL = 3;
}

[StructLayout(LayoutKind.Sequential)]
internal struct tcmsg
{
    internal byte tcm_family;
    internal byte tcm_pad1;
    internal ushort tcm_pad2;
    internal int tcm_ifindex;
    internal uint tcm_handle;
    internal uint tcm_parent;
    internal uint tcm_info;
}

[StructLayout(LayoutKind.Sequential)]
internal struct tc_ratespec
{
    internal byte cell_log;
    internal byte linklayer;
    internal ushort overhead;
    internal short cell_align;
    internal ushort mpu;
    internal uint rate;
}

[StructLayout(LayoutKind.Sequential)]
internal struct tc_tbf_qopt
{
    internal tc_ratespec rate;
    internal tc_ratespec peakrate;
    internal uint limit;
    internal uint buffer;
    internal uint mtu;
}

/// <summary>With one key.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct tc_u32_sel
{
    internal byte flags;
    internal byte offshift;
    internal byte nkeys;
    internal ushort offmask;
    internal ushort off;
    internal short offoff;
    internal short hoff;
    internal uint hmask;
    internal uint mask;
    internal uint val;
    internal int key_off;
    internal int key_offmask;
}

[StructLayout(LayoutKind.Sequential)]
internal struct tc_mirred
{
    internal uint index;
    internal uint capab;
    internal int action;
    internal int refcnt;
    internal int bindcnt;
    internal int eaction;
    internal uint ifindex;
}
