using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Dhcp;

/// <summary>
/// A client's way out of an interface: below IP (packet(7)) where it has no address to send from, or its server's packets come to an address
/// that is not set; by UDP where a lease is renewed. It works from any thread and never waits.
/// </summary>
public sealed unsafe class DhcpSocket : IDisposable
{
    private const ushort EthernetIp = 0x0800;

    // IPv4, UDP, no later fragment, to port 68.
    private static ReadOnlySpan<sock_filter> Filter => new sock_filter[]
    {
        new(0x30, 0, 0, 9), // A = protocol
        new(0x15, 0, 6, 17), // UDP?
        new(0x28, 0, 0, 6), // A = fragment
        new(0x45, 4, 0, 0x1fff), // a later one?
        new(0xb1, 0, 0, 0), // X = length of the IP header
        new(0x48, 0, 0, 2), // A = destination port
        new(0x15, 0, 1, DhcpPacket.ClientPort),
        new(0x06, 0, 0, 0xffff), // take it
        new(0x06, 0, 0, 0), // leave it
    };

    private readonly SafeFileHandle _handle;
    private readonly int _interface; // 0 for UDP
    private MacAddress? _router;

    private DhcpSocket(SafeFileHandle handle, int link, MacAddress? router)
    {
        _handle = handle;
        _interface = link;
        _router = router;
    }

    /// <summary>For poll(2).</summary>
    public SafeHandle Handle => _handle;

    /// <summary>Who sent the last message, on the link: the server, or the router to it. Null before the first, and for UDP.</summary>
    public MacAddress? LastSender => _router;

    /// <summary>Opens one below IP.</summary>
    /// <param name="ns">The interface's namespace.</param>
    /// <param name="link">The interface.</param>
    /// <param name="router">Who leads to a server by name, if that is known; else everybody on the link gets what is sent.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static DhcpSocket OpenPacket(NetworkNamespace ns, LinkId link, MacAddress? router = null)
    {
        // Without a protocol nothing comes in before the filter is set.
        SafeFileHandle handle = ns.OpenSocket(LibC.AF_PACKET, LibC.SOCK_DGRAM | LibC.SOCK_NONBLOCK, 0);
        sockaddr_ll address = Address(link.Index);
        fixed (sock_filter* filter = Filter)
        {
            sock_fprog program = new() { len = (ushort)Filter.Length, filter = filter };
            int fd = (int)handle.DangerousGetHandle();
            if (LibCAhead.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_ATTACH_FILTER, &program, (uint)sizeof(sock_fprog)) != 0
                || LibC.bind(fd, (sockaddr*)&address, (uint)sizeof(sockaddr_ll)) != 0)
            {
                throw Closed(handle, $"listen for DHCP on {link.Name}");
            }
        }

        return new DhcpSocket(handle, link.Index, router);
    }

    /// <summary>Opens one for UDP, from an address that the interface has.</summary>
    /// <exception cref="LinuxException">The interface doesn't have it, or the kernel refused.</exception>
    public static DhcpSocket OpenUdp(NetworkNamespace ns, LinkId link, IPAddress own)
    {
        SafeFileHandle handle = ns.OpenSocket(LibC.AF_INET, LibC.SOCK_DGRAM | LibC.SOCK_NONBLOCK, LibC.IPPROTO_UDP);
        int fd = (int)handle.DangerousGetHandle();
        sockaddr_in address = Address(own, DhcpPacket.ClientPort);
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(link.Name + "\0"))
        {
            if (LibCAhead.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_BINDTODEVICE, name, (uint)link.Name.Length + 1) != 0
                || LibC.bind(fd, (sockaddr*)&address, (uint)sizeof(sockaddr_in)) != 0)
            {
                throw Closed(handle, $"send from {own} on {link.Name}");
            }
        }

        return new DhcpSocket(handle, 0, null);
    }

    /// <summary>Sends a message.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Send(DhcpTransmission transmission)
    {
        byte[] payload = transmission.Message.ToBytes();
        IPAddress to = transmission.Server ?? IPAddress.Broadcast;
        int fd = (int)_handle.DangerousGetHandle();
        long sent;
        if (_interface == 0)
        {
            sockaddr_in address = Address(to, DhcpPacket.ServerPort);
            fixed (byte* bytes = payload)
            {
                sent = LibCAhead.sendto(fd, bytes, payload.Length, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL, (sockaddr*)&address, (uint)sizeof(sockaddr_in));
            }
        }
        else
        {
            sockaddr_ll address = Address(_interface);
            address.sll_halen = 6;
            Span<byte> mac = new(address.sll_addr, 6);
            mac.Fill(0xff);
            if (transmission.Server is not null)
            {
                _router?.CopyTo(mac);
            }

            fixed (byte* bytes = DhcpPacket.Wrap(transmission.Message.ClientAddress, to, payload))
            {
                sent = LibCAhead.sendto(
                    fd, bytes, payload.Length + 28, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL, (sockaddr*)&address, (uint)sizeof(sockaddr_ll));
            }
        }

        if (sent < 0)
        {
            throw LinuxException.Last($"send a DHCP message to {to}");
        }
    }

    /// <summary>Takes the next message that has come in, or gives null. What is none is passed over.</summary>
    /// <exception cref="LinuxException">The interface is down or gone, or a packet could not be delivered.</exception>
    public DhcpMessage? Receive()
    {
        byte[] buffer = new byte[2048];
        while (true)
        {
            sockaddr_ll from;
            socklen_t length = sizeof(sockaddr_ll);
            long n;
            fixed (byte* bytes = buffer)
            {
                n = LibC.recvfrom((int)_handle.DangerousGetHandle(), bytes, buffer.Length, LibC.MSG_DONTWAIT, (sockaddr*)&from, &length);
            }

            if (n < 0)
            {
                LinuxException failure = LinuxException.Last("receive DHCP messages");
                return failure.Errno is Errno.EAGAIN or Errno.EINTR ? null : throw failure;
            }

            ReadOnlySpan<byte> payload = buffer.AsSpan(0, (int)n);
            if ((_interface == 0 || DhcpPacket.TryUnwrap(payload, out payload)) && DhcpMessage.TryParse(payload, out DhcpMessage? message))
            {
                if (_interface != 0 && from.sll_halen == 6)
                {
                    _router = new MacAddress(new ReadOnlySpan<byte>(from.sll_addr, 6));
                }

                return message;
            }
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose() => _handle.Dispose();

    private static LinuxException Closed(SafeFileHandle handle, string operation)
    {
        LinuxException failure = LinuxException.Last(operation);
        handle.Dispose();
        return failure;
    }

    private static sockaddr_ll Address(int link) => new()
    {
        sll_family = (ushort)LibC.AF_PACKET,
        sll_protocol = BinaryPrimitives.ReverseEndianness(EthernetIp),
        sll_ifindex = link,
    };

    private static sockaddr_in Address(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return new sockaddr_in
        {
            sin_family = LibC.AF_INET,
            sin_port = BinaryPrimitives.ReverseEndianness(port),
            sin_addr = MemoryMarshal.Read<in_addr>(bytes),
        };
    }
}
