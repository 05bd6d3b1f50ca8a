using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CniPS.Linux.Probe;

/// <summary>An address and port as system calls take and give them: sockaddr_in, sockaddr_in6.</summary>
internal static unsafe class ProbeAddress
{
    /// <summary>Writes an address; the length to say comes back.</summary>
    internal static uint Write(IPAddress address, ushort port, sockaddr_in6* into)
    {
        ushort bigEndian = BinaryPrimitives.ReverseEndianness(port);
        *into = default;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            into->sin6_family = LibC.AF_INET6;
            into->sin6_port = bigEndian;
            into->sin6_scope_id = (uint)address.ScopeId;
            address.TryWriteBytes(new Span<byte>(&into->sin6_addr, 16), out _);
            return (uint)sizeof(sockaddr_in6);
        }

        sockaddr_in* v4 = (sockaddr_in*)into;
        v4->sin_family = LibC.AF_INET;
        v4->sin_port = bigEndian;
        address.TryWriteBytes(new Span<byte>(&v4->sin_addr, 4), out _);
        return (uint)sizeof(sockaddr_in);
    }

    /// <summary>Reads one.</summary>
    internal static IPEndPoint Read(sockaddr_in6* address) => address->sin6_family == LibC.AF_INET6
        ? new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(&address->sin6_addr, 16)), BinaryPrimitives.ReverseEndianness((ushort)address->sin6_port))
        : new IPEndPoint(
            new IPAddress(new ReadOnlySpan<byte>(&((sockaddr_in*)address)->sin_addr, 4)), BinaryPrimitives.ReverseEndianness((ushort)((sockaddr_in*)address)->sin_port));

    /// <summary>The address that a socket has.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal static IPEndPoint Of(SafeHandle socket)
    {
        sockaddr_in6 address;
        socklen_t length = sizeof(sockaddr_in6);
        return LibC.getsockname((int)socket.DangerousGetHandle(), (sockaddr*)&address, &length) == 0
            ? Read(&address)
            : throw LinuxException.Last("read a socket's address");
    }
}
