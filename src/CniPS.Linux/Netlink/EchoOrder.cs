using System;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>Which message of a batch an echo without a number belongs to.</summary>
/// <remarks>Linux 6.18 sends the echoes of set elements with the number 0; but echoes come in the order of what they echo.</remarks>
internal ref struct EchoOrder(ReadOnlySpan<byte> batch)
{
    private ReadOnlySpan<byte> _rest = batch;

    /// <summary>The number of the next message of a type that asked for an echo; 0 if there is none.</summary>
    internal uint Next(ushort type)
    {
        while (NetlinkMessage.TryTake(ref _rest, out nlmsghdr header, out _))
        {
            if (header.nlmsg_type == type && (header.nlmsg_flags & Nl.NLM_F_ECHO) != 0)
            {
                return header.nlmsg_seq;
            }
        }

        return 0;
    }
}
