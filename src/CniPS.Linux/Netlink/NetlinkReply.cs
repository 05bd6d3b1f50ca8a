using System;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>What the kernel answered to one message.</summary>
public struct NetlinkReply
{
    /// <summary>The error number, positive; 0 for success.</summary>
    public int Errno { get; internal set; }

    /// <summary>The kernel's explanation (NLMSGERR_ATTR_MSG), if it gave one.</summary>
    public string? KernelMessage { get; internal set; }

    /// <summary>The first object that came back (an answer, or an echo), from behind nlmsghdr on; empty if none.</summary>
    internal ReadOnlyMemory<byte> Data { get; set; }

    /// <summary>Throws what went wrong, if anything did.</summary>
    /// <param name="operation">What was tried, for the message.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public readonly void ThrowIfFailed(string operation)
    {
        if (Errno != 0)
        {
            throw new LinuxException(operation, Errno, KernelMessage);
        }
    }
}
