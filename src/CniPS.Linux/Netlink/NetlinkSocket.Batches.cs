using System;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <content>Batches, and the acknowledgement that ends each.</content>
public sealed unsafe partial class NetlinkSocket
{
    private int _room;

    /// <summary>
    /// Sends a batch and waits for its end. Only its last message asks for an acknowledgement: the kernel works through a batch in order and
    /// reports errors unasked, so what has none by then was done.
    /// </summary>
    /// <param name="batch">The messages.</param>
    /// <returns>One reply a message, in order. Where answers were lost, those it is not known of say so (<see cref="NetlinkReply.IsLost"/>).</returns>
    /// <exception cref="LinuxException">Sending failed: nothing was done.</exception>
    public NetlinkReply[] Execute(NetlinkBatch batch)
    {
        lock (_gate)
        {
            uint first = _sequence + 1;
            Number(batch);
            batch.AcknowledgeLast();
            Send(batch.Bytes);
            NetlinkReply[] replies = new NetlinkReply[batch.Count];
            try
            {
                for (bool ended = replies.Length == 0; !ended;)
                {
                    ended = ReadAnswers(replies, first);
                }
            }
            catch (LostAnswerException e)
            {
                MarkLost(replies, e.Errno);
                return replies;
            }

            if (_overrun)
            {
                MarkLost(replies, Errno.ENOBUFS); // silence means success only as long as no error was dropped
            }

            return replies;
        }
    }

    // Whether the last message of a batch was answered.
    private bool ReadAnswers(NetlinkReply[] replies, uint first)
    {
        bool ended = false;
        ReadOnlySpan<byte> datagram = Receive();
        while (NetlinkMessage.TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
        {
            uint index = header.nlmsg_seq - first;
            if (index >= (uint)replies.Length)
            {
                continue; // an answer to a request that was given up
            }

            replies[index].Read(header, body);
            ended |= header.nlmsg_type == Nl.NLMSG_ERROR && index == replies.Length - 1;
        }

        return ended;
    }

    private static void MarkLost(NetlinkReply[] replies, int errno)
    {
        for (int i = 0; i < replies.Length; i++)
        {
            if (!replies[i].IsAnswered)
            {
                replies[i].IsLost = true;
                replies[i].Errno = errno;
            }
        }
    }

    /// <summary>
    /// Sends nf_tables messages between a BATCH_BEGIN and a BATCH_END: one transaction. Only the last message before the end asks for an
    /// acknowledgement: nfnetlink delivers all errors, which come unasked, in order, so that one comes last.
    /// </summary>
    /// <returns>
    /// One reply a message, in order. An error of the first one (BATCH_BEGIN) is one of the whole: no permission, or the commit failed; what
    /// else was answered may be missing then.
    /// </returns>
    /// <exception cref="LostAnswerException">What became of it is not known.</exception>
    /// <exception cref="LinuxException">Sending failed: nothing was done.</exception>
    internal NetlinkReply[] Transact(NetlinkBatch batch)
    {
        lock (_gate)
        {
            uint first = _sequence + 1;
            Number(batch);
            MakeRoom(batch);
            Send(batch.Bytes);
            NetlinkReply[] replies = new NetlinkReply[batch.Count];
            int last = replies.Length - 2;
            EchoOrder echoes = new(batch.Bytes);
            while (true)
            {
                ReadOnlySpan<byte> datagram = Receive();
                while (NetlinkMessage.TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
                {
                    uint index = (header.nlmsg_seq != 0 ? header.nlmsg_seq : echoes.Next(header.nlmsg_type)) - first;
                    if (index >= (uint)replies.Length)
                    {
                        continue; // an answer to a request that was given up
                    }

                    replies[index].Read(header, body);
                    if (header.nlmsg_type == Nl.NLMSG_ERROR && (index == 0 || index == last))
                    {
                        return replies;
                    }
                }
            }
        }
    }

    // The kernel takes no request longer than the send buffer, and drops answers that the receive buffer has no room for: an error for each
    // message, or an echo about as long as the message. The defaults (212,992 bytes) do for a hundred messages.
    private void MakeRoom(NetlinkBatch batch)
    {
        const int EnoughByDefault = 100 * 1024, AnswerSize = 1024;
        int room = (batch.Count * AnswerSize) + (2 * batch.Bytes.Length);
        if (room <= Math.Max(_room, EnoughByDefault))
        {
            return;
        }

        _room = room;
        if (LibCAhead.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_SNDBUFFORCE, &room, sizeof(int)) != 0)
        {
            LibCAhead.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_SNDBUF, &room, sizeof(int));
        }

        SetReceiveRoom(room);
    }

    /// <summary>How many bytes of answers wait until they are read; what comes beyond that is lost.</summary>
    internal void SetReceiveRoom(int bytes)
    {
        if (LibCAhead.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, &bytes, sizeof(int)) != 0)
        {
            LibCAhead.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_RCVBUF, &bytes, sizeof(int));
        }
    }
}
