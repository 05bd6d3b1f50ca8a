using System;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Linux.Probe;

/// <summary>
/// The sockets of one probe: one that holds its source port, so that no other has it, and for UDP sends and receives; a raw one for ICMP, whose errors tell of
/// all three; and for TCP another raw one. The port's socket neither listens nor is connected, so the kernel answers a SYN-ACK with RST.
/// </summary>
internal sealed unsafe class ProbeSocket : IDisposable
{
    private readonly ProbePacket _packet;
    private readonly SafeFileHandle _port, _icmp;
    private readonly SafeFileHandle? _tcp;
    private readonly byte[] _buffer = new byte[65536];

    private ProbeSocket(NetworkNamespace ns, ProbePacket packet)
    {
        _packet = packet;
        int family = packet.IsV6 ? LibC.AF_INET6 : LibC.AF_INET;
        bool isTcp = packet.Protocol == ProbeProtocol.Tcp;
        _port = ns.OpenSocket(family, (isTcp ? LibC.SOCK_STREAM : LibC.SOCK_DGRAM) | LibC.SOCK_NONBLOCK, 0);
        _icmp = ns.OpenSocket(family, LibC.SOCK_RAW | LibC.SOCK_NONBLOCK, packet.IsV6 ? LibC.IPPROTO_ICMPV6 : LibC.IPPROTO_ICMP);
        _tcp = isTcp ? ns.OpenSocket(family, LibC.SOCK_RAW | LibC.SOCK_NONBLOCK, LibC.IPPROTO_TCP) : null;
        Bytes = new ProbeBytes(packet, IPAddress.Any, 0, default);
    }

    /// <summary>What is sent; its source is known once the port is held.</summary>
    internal ProbeBytes Bytes { get; private set; }

    /// <summary>What to wait for.</summary>
    internal ReadOnlySpan<SafeHandle> Handles => _tcp is null ? new SafeHandle[] { _icmp, _port } : new SafeHandle[] { _icmp, _tcp };

    /// <summary>Opens them.</summary>
    /// <param name="ns">Where the packet comes from.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="refusal">Why it can't be sent from there: no route, no such address. Null where it can.</param>
    /// <exception cref="LinuxException">The sockets can't be opened or set so.</exception>
    internal static ProbeSocket Open(NetworkNamespace ns, ProbePacket packet, out LinuxException? refusal)
    {
        ProbeSocket socket = new(ns, packet);
        try
        {
            refusal = socket.Prepare(ns);
            return socket;
        }
        catch (LinuxException)
        {
            socket.Dispose();
            throw;
        }
    }

    private LinuxException? Prepare(NetworkNamespace ns)
    {
        foreach (SafeFileHandle? handle in (ReadOnlySpan<SafeFileHandle?>)[_port, _icmp, _tcp])
        {
            if (handle is not null)
            {
                SetOptions(handle);
            }
        }

        if (FindSource(ns, out IPAddress source) is { } unreachable)
        {
            return unreachable;
        }

        foreach (SafeFileHandle handle in (ReadOnlySpan<SafeFileHandle>)[_port, _tcp ?? _icmp])
        {
            if (Bind(handle, source) is { } failure)
            {
                return failure;
            }
        }

        ushort port = (ushort)ProbeAddress.Of(_port).Port;
        byte[] token = new byte[_packet.Payload.IsEmpty ? 8 : Math.Min(8, _packet.Payload.Length)];
        if (_packet.Payload.IsEmpty)
        {
            Random.Shared.NextBytes(token);
        }
        else
        {
            _packet.Payload.Span[..token.Length].CopyTo(token);
        }

        Bytes = new ProbeBytes(_packet, source, port, token);
        return _tcp is null ? null : Filter(port);
    }

    // The route says the source: a socket that is connected has asked it, and has sent nothing.
    private LinuxException? FindSource(NetworkNamespace ns, out IPAddress source)
    {
        source = _packet.Source ?? IPAddress.Any;
        using SafeFileHandle asked = ns.OpenSocket(_packet.IsV6 ? LibC.AF_INET6 : LibC.AF_INET, LibC.SOCK_DGRAM, 0);
        SetOptions(asked);
        if (_packet.Source is { } given && Bind(asked, given) is { } failure)
        {
            return failure;
        }

        sockaddr_in6 to;
        uint length = ProbeAddress.Write(_packet.Destination, _packet.Port == 0 ? (ushort)9 : _packet.Port, &to);
        if (LibC.connect(Descriptor(asked), (sockaddr*)&to, length) != 0)
        {
            return LinuxException.Last($"send to {_packet.Destination}");
        }

        source = ProbeAddress.Of(asked).Address;
        return null;
    }

    private LinuxException? Bind(SafeFileHandle handle, IPAddress source)
    {
        sockaddr_in6 address;
        if (source.IsIPv6LinkLocal)
        {
            source = new IPAddress(source.GetAddressBytes(), _packet.Destination.ScopeId); // it is known on one interface only
        }

        uint length = ProbeAddress.Write(source, 0, &address);
        return LibC.bind(Descriptor(handle), (sockaddr*)&address, length) == 0 ? null : LinuxException.Last($"send from {source}");
    }

    private void SetOptions(SafeFileHandle handle)
    {
        if (_packet.Interface is { } name)
        {
            fixed (byte* bytes = Encoding.UTF8.GetBytes(name + "\0"))
            {
                Check(LibCAhead.setsockopt(Descriptor(handle), LibC.SOL_SOCKET, LibC.SO_BINDTODEVICE, bytes, (uint)name.Length + 1), $"send on {name}");
            }
        }

        if (_packet.Mark != 0)
        {
            Set(handle, LibC.SOL_SOCKET, LibC.SO_MARK, (int)_packet.Mark);
        }

        bool v6 = _packet.IsV6;
        // IP_PMTUDISC_PROBE: DF, and what was learnt about the way is not asked.
        Set(handle, v6 ? LibC.IPPROTO_IPV6 : LibC.IPPROTO_IP, v6 ? LibC.IPV6_MTU_DISCOVER : LibC.IP_MTU_DISCOVER, _packet.DontFragment ? 3 : 0);
        if (v6 && _packet.DontFragment)
        {
            Set(handle, LibC.IPPROTO_IPV6, LibC.IPV6_DONTFRAG, 1);
        }

        if (_packet.HopLimit != 0)
        {
            Set(handle, v6 ? LibC.IPPROTO_IPV6 : LibC.IPPROTO_IP, v6 ? LibC.IPV6_UNICAST_HOPS : LibC.IP_TTL, _packet.HopLimit);
        }
    }

    private static void Set(SafeFileHandle handle, int level, int name, int value) =>
        Check(LibCAhead.setsockopt(Descriptor(handle), level, name, &value, sizeof(int)), "set up a probe's socket");

    private static void Check(int status, string operation)
    {
        if (status != 0)
        {
            throw LinuxException.Last(operation);
        }
    }

    // A raw socket gets all of TCP that comes in: only what goes to the port. IPv4's header is there, IPv6's isn't.
    private LinuxException? Filter(ushort port)
    {
        ReadOnlySpan<sock_filter> code = _packet.IsV6
            ? [new(0x28, 0, 0, 2), new(0x15, 0, 1, port), new(0x06, 0, 0, 0xffff), new(0x06, 0, 0, 0)]
            : [new(0xb1, 0, 0, 0), new(0x48, 0, 0, 2), new(0x15, 0, 1, port), new(0x06, 0, 0, 0xffff), new(0x06, 0, 0, 0)];
        fixed (sock_filter* filter = code)
        {
            sock_fprog program = new() { len = (ushort)code.Length, filter = filter };
            return LibCAhead.setsockopt(Descriptor(_tcp!), LibC.SOL_SOCKET, LibC.SO_ATTACH_FILTER, &program, (uint)sizeof(sock_fprog)) == 0
                ? null
                : LinuxException.Last("set up a probe's socket");
        }
    }

    /// <summary>Sends the packet.</summary>
    /// <returns>The kernel's error number, or 0.</returns>
    internal int Send()
    {
        (SafeFileHandle handle, byte[] bytes, ushort port) = _packet.Protocol switch
        {
            ProbeProtocol.Icmp => (_icmp, Bytes.Echo(), (ushort)0),
            ProbeProtocol.Tcp => (_tcp!, Bytes.Segment(), (ushort)0),
            _ => (_port, Bytes.Datagram(), _packet.Port),
        };
        sockaddr_in6 to;
        uint length = ProbeAddress.Write(_packet.Destination, port, &to);
        fixed (byte* p = bytes)
        {
            return LibCAhead.sendto(Descriptor(handle), p, bytes.Length, LibC.MSG_NOSIGNAL, (sockaddr*)&to, length) >= 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Reads what came in: the first answer, or null.</summary>
    internal ProbeAnswer? Receive()
    {
        while (Read(_icmp, out IPEndPoint from) is { Length: > 0 } message)
        {
            if (Bytes.ReadMessage(WithoutHeader(message)) is { } answer)
            {
                return answer with { From = from.Address };
            }
        }

        while (_tcp is not null && Read(_tcp, out IPEndPoint from) is { Length: > 0 } segment)
        {
            if (Bytes.ReadSegment(WithoutHeader(segment)) is { } outcome)
            {
                return new ProbeAnswer(outcome, from.Address);
            }
        }

        return _packet.Protocol == ProbeProtocol.Udp && Read(_port, out IPEndPoint answerer) is { } datagram
            ? new ProbeAnswer(ProbeOutcome.Datagram, answerer.Address) { Payload = datagram }
            : null;
    }

    private byte[]? Read(SafeFileHandle handle, out IPEndPoint from)
    {
        sockaddr_in6 address = default;
        socklen_t length = sizeof(sockaddr_in6);
        fixed (byte* p = _buffer)
        {
            long n = LibC.recvfrom(Descriptor(handle), p, _buffer.Length, LibC.MSG_DONTWAIT, (sockaddr*)&address, &length);
            from = ProbeAddress.Read(&address);
            return n >= 0 ? _buffer[..(int)n] : null;
        }
    }

    // A raw socket gives IPv4's header as well, and IPv6's not.
    private ReadOnlySpan<byte> WithoutHeader(byte[] packet) => _packet.IsV6 ? packet : packet.AsSpan(Math.Min((packet[0] & 15) * 4, packet.Length));

    private static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    /// <summary>Closes them.</summary>
    public void Dispose()
    {
        _port.Dispose();
        _icmp.Dispose();
        _tcp?.Dispose();
    }
}
