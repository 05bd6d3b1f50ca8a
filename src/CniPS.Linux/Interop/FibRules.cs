using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/fib_rules.h</summary>
internal static class Fra
{
    internal const ushort RTM_NEWRULE = 32, RTM_DELRULE = 33, RTM_GETRULE = 34;
    internal const ushort FRA_SRC = 2, FRA_PRIORITY = 6, FRA_TABLE = 15;
    internal const byte FR_ACT_TO_TBL = 1;
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
