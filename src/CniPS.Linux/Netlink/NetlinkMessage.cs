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

    /// <summary>Splits what stands behind nlmsghdr.</summary>
    /// <param name="body">That.</param>
    /// <param name="attributes">What stands behind the family's own header.</param>
    /// <returns>The family's own header, such as ifinfomsg.</returns>
    /// <exception cref="LinuxException">It is shorter than the header.</exception>
    internal static T Split<T>(ReadOnlySpan<byte> body, out NetlinkAttributes attributes)
        where T : unmanaged
    {
        if (!MemoryMarshal.TryRead(body, out T header))
        {
            throw Malformed();
        }

        attributes = new NetlinkAttributes(body[sizeof(T)..]);
        return header;
    }

    /// <summary>An answer that is not what it should be.</summary>
    internal static LinuxException Malformed() => new("read a netlink answer", Errno.EBADMSG);
}
