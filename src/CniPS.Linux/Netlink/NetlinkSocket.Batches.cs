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
    /// <returns>One reply a message, in order.</returns>
    /// <exception cref="LinuxException">Sending or receiving failed, not a message.</exception>
    public NetlinkReply[] Execute(NetlinkBatch batch)
    {
        lock (_gate)
        {
            uint first = _sequence + 1;
            Number(batch);
            batch.AcknowledgeLast();
            Send(batch.Bytes);
            NetlinkReply[] replies = new NetlinkReply[batch.Count];
            for (bool ended = replies.Length == 0; !ended;)
            {
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
            }

            return replies;
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
    /// <exception cref="LinuxException">Sending or receiving failed, not a message.</exception>
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
        if (LibC.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_SNDBUFFORCE, &room, sizeof(int)) != 0)
        {
            LibC.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_SNDBUF, &room, sizeof(int));
        }

        if (LibC.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, &room, sizeof(int)) != 0)
        {
            LibC.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_RCVBUF, &room, sizeof(int));
        }
    }
}
