using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>linux/if_tun.h</summary>
internal static class Tun
{
    internal const int IFNAMSIZ = 16;
    internal const int IFF_TAP = 2, IFF_MULTI_QUEUE = 0x100, IFF_NO_PI = 0x1000, IFF_TUN_EXCL = 0x8000;

    // _IOW('T', 202 to 206, int); MIPS and PowerPC number them otherwise, and .NET's Linux builds CniPS is made for are neither.
    internal const int TUNSETIFF = 0x400454ca, TUNSETPERSIST = 0x400454cb, TUNSETOWNER = 0x400454cc, TUNSETGROUP = 0x400454ce;
}

/// <summary>struct ifreq, linux/if.h, as far as TUNSETIFF reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ifreq
{
    internal fixed byte ifr_name[Tun.IFNAMSIZ];
    internal short ifr_flags;
    internal fixed byte rest[22];
}
