using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Namespaces;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>Sees SCTP's packets inside a namespace; the kernel need not speak the protocol itself.</summary>
internal sealed class SctpListener : IDisposable
{
    private const int HeaderV4 = 20, AfInet = 2, Raw = 3, Sctp = 132;

    private readonly NetworkNamespace _namespace;
    private readonly Socket _socket;

    internal SctpListener(string ns)
    {
        _namespace = NetworkNamespace.Open(NamedNamespaces.PathOf(ns));
        _socket = Open(_namespace);
        _socket.ReceiveTimeout = 3000;
    }

    /// <summary>Sends the first packet of an association.</summary>
    internal static void Send(string ns, string address, ushort port)
    {
        using NetworkNamespace from = NetworkNamespace.Open(NamedNamespaces.PathOf(ns));
        using Socket socket = Open(from);
        byte[] packet = new byte[32];
        BinaryPrimitives.WriteUInt16BigEndian(packet, 40000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), port);
        packet[12] = 1; // INIT
        packet[15] = 20;
        packet[19] = 7; // initiate tag
        packet[22] = 1; // window
        packet[25] = packet[27] = 1; // streams
        BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(8), Crc32C(packet));
        socket.SendTo(packet, new IPEndPoint(IPAddress.Parse(address), 0));
    }

    /// <summary>The port that a packet was sent to.</summary>
    internal int ReceivePort()
    {
        byte[] packet = new byte[256];
        _socket.Receive(packet);
        return BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(HeaderV4 + 2));
    }

    private static Socket Open(NetworkNamespace ns)
    {
        Microsoft.Win32.SafeHandles.SafeFileHandle handle = ns.OpenSocket(AfInet, Raw, Sctp);
        Socket socket = new(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        return socket;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _namespace.Dispose();
    }
}
