using System;
using System.Buffers.Binary;
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

    /// <summary>Whether its answer was lost, so that nobody knows whether it was done; <see cref="Errno"/> says how it was lost.</summary>
    public bool IsLost { get; internal set; }

    /// <summary>Whether anything came back.</summary>
    internal bool IsAnswered { get; private set; }

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

    /// <summary>Takes in a message that came back: an error or acknowledgement, or an object.</summary>
    internal void Read(in nlmsghdr header, ReadOnlySpan<byte> body)
    {
        IsAnswered = true;
        if (header.nlmsg_type == Nl.NLMSG_ERROR)
        {
            ReadError(header, body);
        }
        else if (Data.IsEmpty)
        {
            Data = body.ToArray();
        }
    }

    /// <summary>Takes in an nlmsgerr, or what NLMSG_DONE carries: the error number, and the extended acknowledgement's text.</summary>
    internal unsafe void ReadError(in nlmsghdr header, ReadOnlySpan<byte> body)
    {
        if (body.Length < 4)
        {
            return; // NLMSG_DONE of an old kernel
        }

        Errno = -BinaryPrimitives.ReadInt32LittleEndian(body);
        if ((header.nlmsg_flags & Nl.NLM_F_ACK_TLVS) == 0)
        {
            return;
        }

        int skip = 4;
        if (header.nlmsg_type == Nl.NLMSG_ERROR)
        {
            bool capped = (header.nlmsg_flags & Nl.NLM_F_CAPPED) != 0 || Errno == 0;
            skip += capped || body.Length < 8 ? sizeof(nlmsghdr) : ((int)BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) + 3) & ~3;
        }

        if (skip < 0 || skip > body.Length)
        {
            return;
        }

        NetlinkAttributes attributes = new(body[skip..]);
        while (attributes.Next())
        {
            if (attributes.Type == Nl.NLMSGERR_ATTR_MSG)
            {
                KernelMessage = attributes.Text;
            }
        }
    }
}
