using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using CniPS.Linux.Namespaces;
using CniPS.Tool.Interop;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Tool.Demo;

/// <summary>One end of a ping (RFC 792): a raw socket inside a namespace, so that no ping program is needed.</summary>
internal sealed class Ping : IDisposable
{
    private const byte EchoReply = 0, EchoRequest = 8;
    private const int HeaderBytes = 8, Attempts = 20, WaitMicroseconds = 150_000;

    private static readonly ushort s_id = (ushort)Environment.ProcessId;

    private readonly SafeFileHandle _socket;
    private ushort _sequence;

    /// <summary>Opens the end.</summary>
    internal Ping(NetworkNamespace ns)
    {
        _socket = ns.OpenSocket(LibC.AF_INET, LibC.SOCK_RAW, LibC.IPPROTO_ICMP);
        Span<byte> time = stackalloc byte[16]; // struct timeval
        BinaryPrimitives.WriteInt64LittleEndian(time, 0);
        BinaryPrimitives.WriteInt64LittleEndian(time[8..], WaitMicroseconds);
        LibC.setsockopt(_socket, LibC.SOL_SOCKET, LibC.SO_RCVTIMEO, time);
    }

    /// <summary>Sends echo requests until one is answered, or for three seconds.</summary>
    /// <returns>Whether one was.</returns>
    internal bool Reaches(IPAddress target)
    {
        for (int i = 0; i < Attempts; i++)
        {
            Send(target);
            if (Receive(EchoReply) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Who sent the first of the demo's echo requests that have come here; null if none has.</summary>
    internal IPAddress? Caller() => Receive(EchoRequest);

    /// <summary>Closes the end.</summary>
    public void Dispose() => _socket.Dispose();

    private void Send(IPAddress target)
    {
        Span<byte> message = stackalloc byte[HeaderBytes];
        message[0] = EchoRequest;
        message[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], s_id);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], ++_sequence);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum(message));

        Span<byte> address = stackalloc byte[4];
        target.TryWriteBytes(address, out _);
        LibC.sendto(_socket, message, 0, new sockaddr_in { sin_family = LibC.AF_INET, sin_addr = MemoryMarshal.Read<in_addr>(address) });
    }

    // The source of the first message of the demo's own of a type, or null if none comes in time.
    private IPAddress? Receive(byte type)
    {
        byte[] packet = new byte[2048];
        while (true)
        {
            nint length = LibC.recv(_socket, packet, 0);
            if (length < 20)
            {
                return null;
            }

            ReadOnlySpan<byte> message = packet.AsSpan((packet[0] & 15) * 4);
            if (message[0] == type && BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == s_id)
            {
                return new IPAddress(packet.AsSpan(12, 4));
            }
        }
    }

    private static ushort Checksum(ReadOnlySpan<byte> message)
    {
        uint sum = 0;
        for (int i = 0; i < message.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(message[i..]);
        }

        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
