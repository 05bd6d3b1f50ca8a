using System.Runtime.InteropServices;

namespace CniPS.Linux.Interop;

/// <summary>The libc functions and constants of sockets with addresses, under their own names.</summary>
internal static unsafe partial class LibC
{
    internal const int AF_UNIX = 1, AF_PACKET = 17;
    internal const int SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_NONBLOCK = 0x800;
    internal const int IPPROTO_UDP = 17;
    internal const int SO_BINDTODEVICE = 25, SO_ATTACH_FILTER = 26, SO_ACCEPTCONN = 30;
    internal const int MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;
    internal const int F_SETFD = 2, FD_CLOEXEC = 1, F_GETFL = 3, F_SETFL = 4, F_DUPFD_CLOEXEC = 1030, O_NONBLOCK = 0x800;
    internal const short POLLOUT = 4;
    internal const int EFD_CLOEXEC = 0x80000, EFD_NONBLOCK = 0x800;

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int bind(int fd, void* address, uint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int connect(int fd, void* address, uint length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int listen(int fd, int backlog);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int getsockopt(int fd, int level, int name, void* value, uint* length);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint sendto(int fd, byte* buffer, nint length, int flags, void* address, uint addressLength);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial nint recvfrom(int fd, byte* buffer, nint length, int flags, void* address, uint* addressLength);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(libc, SetLastError = true)]
    internal static partial int eventfd(uint value, int flags);
}

/// <summary>struct sockaddr_un, linux/un.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sockaddr_un
{
    internal const int PathLength = 108;

    internal ushort sun_family;
    internal fixed byte sun_path[PathLength];
}

/// <summary>struct sockaddr_in, linux/in.h; port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct sockaddr_in
{
    internal ushort sin_family;
    internal ushort sin_port;
    internal uint sin_addr;
}

/// <summary>struct sockaddr_ll, linux/if_packet.h; the protocol in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sockaddr_ll
{
    internal ushort sll_family;
    internal ushort sll_protocol;
    internal int sll_ifindex;
    internal ushort sll_hatype;
    internal byte sll_pkttype;
    internal byte sll_halen;
    internal fixed byte sll_addr[8];
}

/// <summary>struct sock_filter, linux/filter.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct sock_filter(ushort code, byte jt, byte jf, uint k)
{
    internal ushort code = code;
    internal byte jt = jt;
    internal byte jf = jf;
    internal uint k = k;
}

/// <summary>struct sock_fprog, linux/filter.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sock_fprog
{
    internal ushort len;
    internal sock_filter* filter;
}
