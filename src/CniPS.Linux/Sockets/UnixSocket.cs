using System;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Sockets;

/// <summary>
/// A Unix stream socket (unix(7)) by its system calls: .NET's sockets would make the executable a good deal larger. It never waits; who wants
/// to wait puts it into a <see cref="PollSet"/>.
/// </summary>
public sealed unsafe class UnixSocket : IDisposable
{
    private readonly SafeFileHandle _handle;

    private UnixSocket(int fd) => _handle = new SafeFileHandle(fd, ownsHandle: true);

    /// <summary>For poll(2).</summary>
    public SafeHandle Handle => _handle;

    private int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Connects to a listening socket.</summary>
    /// <exception cref="LinuxException">Nobody listens there, or it may not be used.</exception>
    public static UnixSocket Connect(string path)
    {
        UnixSocket socket = Open(path, out sockaddr_un address);
        return LibC.connect(socket.Descriptor, (sockaddr*)&address, (uint)sizeof(sockaddr_un)) == 0 ? socket : throw socket.Failed($"connect to {path}");
    }

    /// <summary>Listens at a path, which must not be there yet.</summary>
    /// <exception cref="LinuxException">The path is taken or too long, or the kernel refused.</exception>
    public static UnixSocket Listen(string path)
    {
        UnixSocket socket = Open(path, out sockaddr_un address);
        return LibC.bind(socket.Descriptor, (sockaddr*)&address, (uint)sizeof(sockaddr_un)) == 0 && LibC.listen(socket.Descriptor, 128) == 0
            ? socket
            : throw socket.Failed($"listen at {path}");
    }

    /// <summary>Takes over a socket that this process was started with (sd_listen_fds(3)).</summary>
    /// <param name="fd">The descriptor.</param>
    /// <exception cref="LinuxException">It is no socket that listens.</exception>
    public static UnixSocket Inherit(int fd)
    {
        int listens = 0;
        socklen_t length = sizeof(int);
        if (LibC.getsockopt(fd, LibC.SOL_SOCKET, LibC.SO_ACCEPTCONN, &listens, &length) != 0 || LibCAhead.fcntl(fd, LibC.F_SETFD, LibC.FD_CLOEXEC) != 0
            || LibCAhead.fcntl(fd, LibC.F_SETFL, LibCAhead.fcntl(fd, LibC.F_GETFL, 0) | LibC.O_NONBLOCK) != 0)
        {
            throw LinuxException.Last($"use descriptor {fd}");
        }

        return listens != 0 ? new UnixSocket(fd) : throw new LinuxException($"use descriptor {fd}", Errno.EINVAL, "it does not listen");
    }

    /// <summary>The next connection, or null where nobody waits.</summary>
    public UnixSocket? Accept()
    {
        int fd = LibC.accept4(Descriptor, null, null, LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK);
        return fd >= 0 ? new UnixSocket(fd) : null;
    }

    /// <summary>Reads what there is.</summary>
    /// <returns>The number of bytes; 0 at the end; -1 where there is nothing yet.</returns>
    /// <exception cref="LinuxException">The other end has broken the connection.</exception>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            long n = LibCAhead.recv(Descriptor, bytes, buffer.Length, LibC.MSG_DONTWAIT);
            return n >= 0 ? (int)n
                : LinuxException.Last("receive") is { Errno: not (Errno.EAGAIN or Errno.EINTR) } failure ? throw failure
                : -1;
        }
    }

    /// <summary>Sends what has room.</summary>
    /// <returns>The number of bytes; 0 where there is no room.</returns>
    /// <exception cref="LinuxException">The other end is gone.</exception>
    public int Send(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            long n = LibCAhead.sendto(Descriptor, bytes, buffer.Length, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL, null, 0);
            return n >= 0 ? (int)n
                : LinuxException.Last("send") is { Errno: not (Errno.EAGAIN or Errno.EINTR) } failure ? throw failure
                : 0;
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => _handle.Dispose();

    private static UnixSocket Open(string path, out sockaddr_un address)
    {
        address = new sockaddr_un { sun_family = LibC.AF_UNIX };
        fixed (byte* bytes = address.sun_path)
        {
            if (!Encoding.UTF8.TryGetBytes(path, new Span<byte>(bytes, sockaddr_un.sun_path_length - 1), out _))
            {
                throw new LinuxException($"use {path} as a socket", Errno.ENAMETOOLONG);
            }
        }

        int fd = LibCAhead.socket(LibC.AF_UNIX, LibC.SOCK_STREAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, 0);
        return fd >= 0 ? new UnixSocket(fd) : throw LinuxException.Last("open a socket");
    }

    private LinuxException Failed(string operation)
    {
        LinuxException failure = LinuxException.Last(operation);
        Dispose();
        return failure;
    }
}
