using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/fib_rules.h</summary>
internal static class Fra
{
    internal const ushort RTM_NEWRULE = 32, RTM_DELRULE = 33, RTM_GETRULE = 34;
    internal const ushort FRA_SRC = 2, FRA_PRIORITY = 6, FRA_TABLE = 15;
    internal const ushort FRA_DST = 1, FRA_IIFNAME = 3, FRA_GOTO = 4, FRA_FWMARK = 10, FRA_FWMASK = 16, FRA_OIFNAME = 17, FRA_UID_RANGE = 20, FRA_IP_PROTO = 22,
        FRA_SPORT_RANGE = 23, FRA_DPORT_RANGE = 24;
    internal const byte FR_ACT_TO_TBL = 1, FR_ACT_BLACKHOLE = 6, FR_ACT_UNREACHABLE = 7, FR_ACT_PROHIBIT = 8;
    internal const uint FIB_RULE_INVERT = 2;
}

[StructLayout(LayoutKind.Sequential)]
internal struct fib_rule_hdr
{
    internal byte family;
    internal byte dst_len;
    internal byte src_len;
    internal byte tos;
    internal byte table;
    internal byte res1;
    internal byte res2;
    internal byte action;
    internal uint flags;
}
