using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CniPS.Linux.Namespaces;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>A sender of UDP that keeps its port, so that all that it sends is one connection to the kernel.</summary>
internal sealed class UdpSender : IDisposable
{
    private readonly NetworkNamespace _namespace;
    private readonly Socket _socket;

    internal UdpSender(string ns, string address, int port)
    {
        const int AfInet = 2, Datagram = 2;
        _namespace = NetworkNamespace.Open(NamedNamespaces.PathOf(ns));
        Microsoft.Win32.SafeHandles.SafeFileHandle handle = _namespace.OpenSocket(AfInet, Datagram, 0);
        _socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true)) { ReceiveTimeout = 1500 };
        handle.SetHandleAsInvalid();
        _socket.Connect(new IPEndPoint(IPAddress.Parse(address), port));
    }

    internal string? Ask()
    {
        byte[] answer = new byte[256];
        try
        {
            _socket.Send("?"u8);
            return Encoding.UTF8.GetString(answer, 0, _socket.Receive(answer));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _namespace.Dispose();
    }
}
