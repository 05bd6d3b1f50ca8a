using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>
/// A netlink socket. It belongs to the namespace it was opened in and works from any thread. One request (batch or dump) is under way at
/// a time; sequence numbers are checked, and a truncated answer is an error, never half a list.
/// </summary>
public sealed unsafe class NetlinkSocket : IDisposable
{
    private const int ReceiveSize = 32 * 1024;
    private const int MaxInterrupted = 5;

    private readonly object _gate = new();
    private byte[] _receive = ArrayPool<byte>.Shared.Rent(ReceiveSize);
    private int _fd;
    private uint _sequence;
    private int _room;

    private NetlinkSocket(int fd) => _fd = fd;

    /// <summary>Takes over a bare socket, made by <see cref="OpenDescriptor"/>.</summary>
    internal static NetlinkSocket FromDescriptor(int fd) => new(fd);

    /// <summary>Opens a socket in the calling thread's namespace.</summary>
    /// <param name="protocol">NETLINK_ROUTE or NETLINK_NETFILTER.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static NetlinkSocket Open(int protocol)
    {
        int fd = OpenDescriptor(protocol);
        return fd >= 0 ? new NetlinkSocket(fd) : throw new LinuxException("open a netlink socket", -fd);
    }

    /// <summary>Opens a bare socket in the calling thread's namespace: system calls only, so that it may run on a thread that is inside a foreign one.</summary>
    /// <returns>The descriptor, or the negative errno.</returns>
    internal static int OpenDescriptor(int protocol)
    {
        int fd = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, protocol);
        if (fd < 0)
        {
            return -Marshal.GetLastPInvokeError();
        }

        int one = 1;
        // Kernels before 4.20 know not all of these; they only make answers better.
        LibC.setsockopt(fd, Nl.SOL_NETLINK, Nl.NETLINK_EXT_ACK, &one, sizeof(int));
        LibC.setsockopt(fd, Nl.SOL_NETLINK, Nl.NETLINK_CAP_ACK, &one, sizeof(int));
        LibC.setsockopt(fd, Nl.SOL_NETLINK, Nl.NETLINK_GET_STRICT_CHK, &one, sizeof(int));
        return fd;
    }

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
                while (TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
                {
                    uint index = header.nlmsg_seq - first;
                    if (index >= (uint)replies.Length)
                    {
                        continue; // an answer to a request that was given up
                    }

                    ref NetlinkReply reply = ref replies[index];
                    if (header.nlmsg_type == Nl.NLMSG_ERROR)
                    {
                        ReadError(header, body, ref reply);
                        ended |= index == replies.Length - 1;
                    }
                    else if (reply.Data.IsEmpty)
                    {
                        reply.Data = body.ToArray();
                    }
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
                while (TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
                {
                    uint index = (header.nlmsg_seq != 0 ? header.nlmsg_seq : echoes.Next(header.nlmsg_type)) - first;
                    if (index >= (uint)replies.Length)
                    {
                        continue; // an answer to a request that was given up
                    }

                    ref NetlinkReply reply = ref replies[index];
                    if (header.nlmsg_type != Nl.NLMSG_ERROR)
                    {
                        if (reply.Data.IsEmpty)
                        {
                            reply.Data = body.ToArray();
                        }

                        continue;
                    }

                    ReadError(header, body, ref reply);
                    if (index == 0 || index == last)
                    {
                        return replies;
                    }
                }
            }
        }
    }

    // Linux 6.18 sends the echoes of set elements with the number 0; but echoes come in the order of what they echo.
    private ref struct EchoOrder(ReadOnlySpan<byte> batch)
    {
        private ReadOnlySpan<byte> _rest = batch;

        /// <summary>The number of the next message of a type that asked for an echo; 0 if there is none.</summary>
        internal uint Next(ushort type)
        {
            while (TryTake(ref _rest, out nlmsghdr header, out _))
            {
                if (header.nlmsg_type == type && (header.nlmsg_flags & Nl.NLM_F_ECHO) != 0)
                {
                    return header.nlmsg_seq;
                }
            }

            return 0;
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

    /// <summary>Gives up waiting for an answer after a time: receiving fails with EAGAIN then.</summary>
    internal void LimitWaiting(int seconds)
    {
        nint* timeval = stackalloc nint[2] { seconds, 0 };
        LibC.setsockopt(_fd, LibC.SOL_SOCKET, LibC.SO_RCVTIMEO, timeval, (uint)(2 * sizeof(nint)));
    }

    /// <summary>Sends one message that asks for one object.</summary>
    /// <returns>The reply; <see cref="NetlinkReply.Data"/> holds the object.</returns>
    internal NetlinkReply Get(NetlinkBatch request)
    {
        lock (_gate)
        {
            Number(request);
            uint sequence = _sequence;
            Send(request.Bytes);
            while (true)
            {
                ReadOnlySpan<byte> datagram = Receive();
                while (TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
                {
                    if (header.nlmsg_seq != sequence)
                    {
                        continue;
                    }

                    NetlinkReply reply = default;
                    if (header.nlmsg_type == Nl.NLMSG_ERROR)
                    {
                        ReadError(header, body, ref reply);
                    }
                    else
                    {
                        reply.Data = body.ToArray();
                    }

                    return reply;
                }
            }
        }
    }

    /// <summary>Called for each object of a dump, with its message type and what is behind nlmsghdr.</summary>
    internal delegate void DumpVisitor<TState>(ref TState state, ushort type, ReadOnlySpan<byte> body);

    /// <summary>Asks for a list and reads it to its end. A list that changed meanwhile (NLM_F_DUMP_INTR) is read again, up to five times.</summary>
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
                if (DumpOnce(request, operation, ref state, visit) || attempt == MaxInterrupted)
                {
                    return state;
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
            while (TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
            {
                if (header.nlmsg_seq != sequence)
                {
                    continue;
                }

                consistent &= (header.nlmsg_flags & Nl.NLM_F_DUMP_INTR) == 0;
                if (header.nlmsg_type is Nl.NLMSG_ERROR or Nl.NLMSG_DONE)
                {
                    NetlinkReply end = default;
                    ReadError(header, body, ref end);
                    end.ThrowIfFailed(operation);
                    return consistent;
                }

                visit(ref state, header.nlmsg_type, body);
            }
        }
    }

    /// <summary>Sends without waiting for an answer; for a spare thread whose sending blocks, while another one reads.</summary>
    internal int SendRaw(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            nint sent;
            do
            {
                sent = LibC.send(_fd, p, bytes.Length, 0);
            }
            while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return sent < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    /// <summary>Waits up to a time for something to read.</summary>
    internal bool WaitReadable(int milliseconds)
    {
        pollfd p = new() { fd = _fd, events = LibC.POLLIN };
        return LibC.poll(&p, 1, milliseconds) > 0;
    }

    /// <summary>Gives the batch's messages their sequence numbers.</summary>
    internal void Number(NetlinkBatch batch)
    {
        Span<byte> bytes = batch.Writable;
        for (int at = 0; at < bytes.Length;)
        {
            ref nlmsghdr header = ref MemoryMarshal.AsRef<nlmsghdr>(bytes[at..]);
            header.nlmsg_seq = ++_sequence;
            at += (int)(header.nlmsg_len + 3) & ~3;
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        int errno = SendRaw(bytes);
        if (errno != 0)
        {
            throw new LinuxException("send a netlink request", errno);
        }
    }

    /// <summary>Reads one datagram.</summary>
    internal ReadOnlySpan<byte> Receive()
    {
        fixed (byte* p = _receive)
        {
            while (true)
            {
                nint n = LibC.recv(_fd, p, _receive.Length, LibC.MSG_TRUNC);
                if (n > _receive.Length)
                {
                    throw new LinuxException("receive a netlink answer", Errno.ENOBUFS, "the answer was truncated");
                }

                if (n >= 0)
                {
                    return _receive.AsSpan(0, (int)n);
                }

                if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    throw LinuxException.Last("receive a netlink answer");
                }
            }
        }
    }

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

    private static void ReadError(in nlmsghdr header, ReadOnlySpan<byte> body, ref NetlinkReply reply)
    {
        if (body.Length < 4)
        {
            return; // NLMSG_DONE of an old kernel
        }

        reply.Errno = -BinaryPrimitives.ReadInt32LittleEndian(body);
        if ((header.nlmsg_flags & Nl.NLM_F_ACK_TLVS) == 0)
        {
            return;
        }

        int skip = 4;
        if (header.nlmsg_type == Nl.NLMSG_ERROR)
        {
            bool capped = (header.nlmsg_flags & Nl.NLM_F_CAPPED) != 0 || reply.Errno == 0;
            skip += capped || body.Length < 8 ? sizeof(nlmsghdr) : ((int)BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) + 3) & ~3;
        }

        if (skip > body.Length)
        {
            return;
        }

        NetlinkAttributes attributes = new(body[skip..]);
        while (attributes.Next())
        {
            if (attributes.Type == Nl.NLMSGERR_ATTR_MSG)
            {
                reply.KernelMessage = attributes.Text;
            }
        }
    }

    /// <summary>Closes the socket. A netfilter socket waits here for the kernel's clean-up, 12 to 16 ms after a deletion.</summary>
    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            LibC.close(fd);
            ArrayPool<byte>.Shared.Return(_receive);
            _receive = [];
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Closes a socket that was forgotten.</summary>
    ~NetlinkSocket()
    {
        if (_fd >= 0)
        {
            LibC.close(_fd);
        }
    }
}
