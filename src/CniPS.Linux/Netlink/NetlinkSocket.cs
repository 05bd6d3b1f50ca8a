using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>
/// A netlink socket. It belongs to the namespace it was opened in and works from any thread. One request (batch or dump) is under way at
/// a time; sequence numbers are checked, and a truncated answer is an error, never half a list.
/// </summary>
public sealed unsafe partial class NetlinkSocket : IDisposable
{
    private const int ReceiveSize = 32 * 1024;

    private readonly object _gate = new();
    private byte[] _receive = ArrayPool<byte>.Shared.Rent(ReceiveSize);
    private int _fd;
    private uint _sequence;
    private bool _overrun; // an answer to the request under way was dropped

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
        int fd = LibCAhead.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, protocol);
        if (fd < 0)
        {
            return -Marshal.GetLastPInvokeError();
        }

        int one = 1;
        // Kernels before 4.20 know not all of these; they only make answers better.
        LibCAhead.setsockopt(fd, Nl.SOL_NETLINK, Nl.NETLINK_EXT_ACK, &one, sizeof(int));
        LibCAhead.setsockopt(fd, Nl.SOL_NETLINK, Nl.NETLINK_CAP_ACK, &one, sizeof(int));
        LibCAhead.setsockopt(fd, Nl.SOL_NETLINK, Nl.NETLINK_GET_STRICT_CHK, &one, sizeof(int));
        return fd;
    }

    /// <summary>Sends without waiting for an answer; for a spare thread whose sending blocks, while another one reads.</summary>
    internal int SendRaw(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            long sent;
            do
            {
                sent = LibCAhead.send(_fd, p, bytes.Length, 0);
            }
            while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return sent < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    /// <summary>Waits up to a time for something to read.</summary>
    internal bool WaitReadable(int milliseconds)
    {
        pollfd p = new() { fd = _fd, events = LibC.POLLIN };
        return LibCAhead.poll(&p, 1, milliseconds) > 0;
    }

    /// <summary>Gives the batch's messages their sequence numbers.</summary>
    internal void Number(NetlinkBatch batch) => batch.Number(ref _sequence);

    private void Send(ReadOnlySpan<byte> bytes)
    {
        _overrun = false;
        int errno = SendRaw(bytes);
        if (errno != 0)
        {
            throw new LinuxException("send a netlink request", errno);
        }
    }

    /// <summary>
    /// Reads one datagram. The kernel answers before sending returns, so what does not lie there will hardly come; it is waited for all the same, but
    /// not for ever. A refusal (ENOBUFS, ENOMEM) may have cost an answer, but others may still be there.
    /// </summary>
    /// <exception cref="LostAnswerException">Nothing is there, or it can't be read.</exception>
    internal ReadOnlySpan<byte> Receive()
    {
        const int MaxRefusals = 5, AnswerMilliseconds = 5000;
        int refused = 0;
        fixed (byte* p = _receive)
        {
            for (int refusals = 0; ;)
            {
                nint n = LibCAhead.recv(_fd, p, _receive.Length, LibC.MSG_TRUNC | LibC.MSG_DONTWAIT);
                if (n > _receive.Length)
                {
                    throw new LostAnswerException(Errno.ENOBUFS, "the answer was truncated");
                }

                if (n >= 0)
                {
                    return _receive.AsSpan(0, (int)n);
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR)
                {
                    continue;
                }

                bool isMissing = errno == Errno.EAGAIN && (refused != 0 || _overrun || !WaitReadable(AnswerMilliseconds));
                if (isMissing || ++refusals == MaxRefusals)
                {
                    throw new LostAnswerException(_overrun ? Errno.ENOBUFS : refused != 0 ? refused : errno);
                }

                refused = errno == Errno.EAGAIN ? refused : errno;
                _overrun |= errno == Errno.ENOBUFS;
            }
        }
    }

    /// <summary>Closes the socket. A netfilter socket waits here for the kernel's clean-up, 12 to 16 ms after a deletion.</summary>
    public void Dispose()
    {
        int fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            LibCAhead.close(fd);
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
            LibCAhead.close(_fd);
        }
    }
}
