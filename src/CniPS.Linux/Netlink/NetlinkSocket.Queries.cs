using System;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <content>Questions: one object, or a dump of all.</content>
public sealed partial class NetlinkSocket
{
    private const int MaxInterrupted = 5;

    /// <summary>Sends one message that asks for one object.</summary>
    /// <returns>The reply; <see cref="NetlinkReply.Data"/> holds the object. Where it was lost, the question is asked again.</returns>
    internal NetlinkReply Get(NetlinkBatch request)
    {
        lock (_gate)
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    return GetOnce(request);
                }
                catch (LostAnswerException) when (attempt < MaxInterrupted)
                {
                    // Asking changes nothing: it can be done again.
                }
            }
        }
    }

    private NetlinkReply GetOnce(NetlinkBatch request)
    {
        Number(request);
        uint sequence = _sequence;
        Send(request.Bytes);
        while (true)
        {
            ReadOnlySpan<byte> datagram = Receive();
            while (NetlinkMessage.TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
            {
                if (header.nlmsg_seq != sequence)
                {
                    continue;
                }

                NetlinkReply reply = default;
                reply.Read(header, body);
                return reply;
            }
        }
    }

    /// <summary>Called for each object of a dump, with its message type and what is behind nlmsghdr.</summary>
    internal delegate void DumpVisitor<TState>(ref TState state, ushort type, ReadOnlySpan<byte> body);

    /// <summary>
    /// Asks for a list and reads it to its end. A list that changed meanwhile (NLM_F_DUMP_INTR), or of which a part was lost, is read again, up to
    /// five times.
    /// </summary>
    /// <param name="request">One message with NLM_F_DUMP.</param>
    /// <param name="operation">What is listed, for errors.</param>
    /// <param name="begin">Makes an empty collection; called again when the list has to be read again.</param>
    /// <param name="visit">Called for each object.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal TState Dump<TState>(NetlinkBatch request, string operation, Func<TState> begin, DumpVisitor<TState> visit)
    {
        lock (_gate)
        {
            for (int attempt = 1; ; attempt++)
            {
                TState state = begin();
                try
                {
                    if (DumpOnce(request, operation, ref state, visit) || attempt == MaxInterrupted)
                    {
                        return state;
                    }
                }
                catch (LostAnswerException) when (attempt < MaxInterrupted)
                {
                    // Once more: never half a list.
                }
            }
        }
    }

    private bool DumpOnce<TState>(NetlinkBatch request, string operation, ref TState state, DumpVisitor<TState> visit)
    {
        Number(request);
        uint sequence = _sequence;
        Send(request.Bytes);
        bool consistent = true;
        while (true)
        {
            ReadOnlySpan<byte> datagram = Receive();
            while (NetlinkMessage.TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
            {
                if (header.nlmsg_seq != sequence)
                {
                    continue;
                }

                consistent &= (header.nlmsg_flags & Nl.NLM_F_DUMP_INTR) == 0;
                if (header.nlmsg_type is Nl.NLMSG_ERROR or Nl.NLMSG_DONE)
                {
                    NetlinkReply end = default;
                    end.ReadError(header, body);
                    end.ThrowIfFailed(operation);
                    return !_overrun ? consistent : throw new LostAnswerException(Errno.ENOBUFS);
                }

                visit(ref state, header.nlmsg_type, body);
            }
        }
    }
}
