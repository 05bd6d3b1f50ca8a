using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CniPS.Linux.Namespaces;

namespace CniPS.Engine.Tests.Plugins.Portmap;

/// <summary>A server inside a namespace that tells each caller who it is called by, as it sees it.</summary>
internal sealed class EchoServer : IDisposable
{
    // Milliseconds. A new bridge forwards no IPv6 before its own link-local address is known to be its own: a second.
    private const int Patience = 3000;

    private readonly NetworkNamespace _namespace;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _name;

    internal EchoServer(string ns, string name, ProtocolType protocol, bool v6, int port)
    {
        _namespace = NetworkNamespace.Open(NamedNamespaces.PathOf(ns));
        _name = name;
        _socket = Open(_namespace, protocol, v6);
        _socket.Bind(new IPEndPoint(v6 ? IPAddress.IPv6Any : IPAddress.Any, port));
        if (protocol != ProtocolType.Udp)
        {
            _socket.Listen();
        }

        _ = Task.Run(protocol == ProtocolType.Udp ? ServeDatagrams : ServeConnections);
    }

    /// <summary>Calls a server from inside a namespace.</summary>
    /// <returns>What it answered, or null if nothing came in time.</returns>
    internal static string? Ask(string ns, ProtocolType protocol, string address, int port)
    {
        using NetworkNamespace from = NetworkNamespace.Open(NamedNamespaces.PathOf(ns));
        IPEndPoint server = new(IPAddress.Parse(address), port);
        using Socket socket = Open(from, protocol, server.AddressFamily == AddressFamily.InterNetworkV6);
        socket.ReceiveTimeout = Patience;
        try
        {
            IAsyncResult connecting = socket.BeginConnect(server, null, null);
            if (!connecting.AsyncWaitHandle.WaitOne(Patience))
            {
                return null;
            }

            socket.EndConnect(connecting);
            socket.Send("?"u8);
            byte[] answer = new byte[256];
            return Encoding.UTF8.GetString(answer, 0, socket.Receive(answer));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    // A socket stays in the namespace that it was opened in, whoever uses it.
    private static Socket Open(NetworkNamespace ns, ProtocolType protocol, bool v6)
    {
        const int AfInet = 2, AfInet6 = 10, Stream = 1, Datagram = 2;
        Microsoft.Win32.SafeHandles.SafeFileHandle handle =
            ns.OpenSocket(v6 ? AfInet6 : AfInet, protocol == ProtocolType.Udp ? Datagram : Stream, (int)protocol);
        Socket socket = new(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        if (v6)
        {
            socket.DualMode = false;
        }

        return socket;
    }

    private async Task ServeConnections()
    {
        while (!_stop.IsCancellationRequested)
        {
            using Socket client = await _socket.AcceptAsync(_stop.Token);
            await client.SendAsync(Answer(client.RemoteEndPoint!));
            await client.ReceiveAsync(new byte[16]);
        }
    }

    private async Task ServeDatagrams()
    {
        byte[] request = new byte[16];
        while (!_stop.IsCancellationRequested)
        {
            SocketReceiveFromResult received = await _socket.ReceiveFromAsync(
                request, new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0), _stop.Token);
            await _socket.SendToAsync(Answer(received.RemoteEndPoint), received.RemoteEndPoint);
        }
    }

    private byte[] Answer(EndPoint client) => Encoding.UTF8.GetBytes($"{_name} sees {((IPEndPoint)client).Address}");

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _namespace.Dispose();
    }
}
