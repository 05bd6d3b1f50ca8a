using System;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>A message as it comes: nlmsghdr, its body, and padding to four bytes.</summary>
internal static unsafe class NetlinkMessage
{
    /// <summary>Takes the next message off a datagram.</summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> datagram, out nlmsghdr header, out ReadOnlySpan<byte> body)
    {
        header = default;
        body = default;
        if (datagram.Length < sizeof(nlmsghdr))
        {
            return false;
        }

        header = MemoryMarshal.Read<nlmsghdr>(datagram);
        int length = (int)header.nlmsg_len;
        if (length < sizeof(nlmsghdr) || length > datagram.Length)
        {
            return false;
        }

        body = datagram[sizeof(nlmsghdr)..length];
        datagram = datagram[Math.Min((length + 3) & ~3, datagram.Length)..];
        return true;
    }
}
