using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Sockets;

/// <summary>Sockets that one thread waits for (poll(2)): filled anew before each wait.</summary>
public sealed unsafe class PollSet
{
    private readonly List<pollfd> _entries = [];

    /// <summary>Forgets all sockets.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Adds a socket. That it fails, or that the other end closes it altogether, is waited for in any case.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="what">What else to wait for.</param>
    public void Add(SafeHandle socket, PollFor what = PollFor.Data)
    {
        short events = what switch { PollFor.Data => LibC.POLLIN, PollFor.Room => LibC.POLLOUT, _ => 0 };
        _entries.Add(new pollfd { fd = (int)socket.DangerousGetHandle(), events = events });
    }

    /// <summary>Waits until one of them is ready, or the time is over.</summary>
    /// <param name="limit">How long; <see cref="TimeSpan.MaxValue"/> for ever.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Wait(TimeSpan limit)
    {
        // A millisecond more than asked for: a wait that ends too early would go round in circles.
        int milliseconds = limit > TimeSpan.FromDays(1) ? 86_400_000 : (int)Math.Max(0, Math.Ceiling(limit.TotalMilliseconds));
        fixed (pollfd* entries = CollectionsMarshal.AsSpan(_entries))
        {
            if (LibCAhead.poll(entries, (nuint)_entries.Count, milliseconds) < 0 && LinuxException.Last("wait for sockets") is { Errno: not Errno.EINTR } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Whether what the socket at a place was waited for has come: the first one added is at 0.</summary>
    public bool IsReady(int place) => _entries[place].revents != 0;
}
