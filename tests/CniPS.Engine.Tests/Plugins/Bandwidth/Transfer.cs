using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using CniPS.Linux.Namespaces;
using Microsoft.Win32.SafeHandles;

namespace CniPS.Engine.Tests.Plugins.Bandwidth;

/// <summary>Bytes sent over TCP from one namespace to another, and how long that takes.</summary>
internal static class Transfer
{
    private const int Port = 5001;

    /// <summary>Sends bytes.</summary>
    /// <returns>Bits a second, from the first byte sent to the last one received.</returns>
    internal static double Measure(string from, string to, string address, int bytes)
    {
        using NetworkNamespace sender = NetworkNamespace.Open(NamedNamespaces.PathOf(from)), receiver = NetworkNamespace.Open(NamedNamespaces.PathOf(to));
        using Socket server = Open(receiver), client = Open(sender);
        server.Bind(new IPEndPoint(IPAddress.Any, Port));
        server.Listen();
        client.Connect(IPAddress.Parse(address), Port);
        using Socket accepted = server.Accept();
        Stopwatch watch = Stopwatch.StartNew();
        Task sending = Task.Run(() =>
        {
            byte[] chunk = new byte[16384];
            for (int sent = 0; sent < bytes;)
            {
                sent += client.Send(chunk, Math.Min(chunk.Length, bytes - sent), SocketFlags.None);
            }
        });
        byte[] buffer = new byte[65536];
        accepted.ReceiveTimeout = 30_000;
        for (int received = 0; received < bytes;)
        {
            received += accepted.Receive(buffer);
        }

        double rate = bytes * 8 / watch.Elapsed.TotalSeconds;
        sending.Wait();
        return rate;
    }

    private static Socket Open(NetworkNamespace ns)
    {
        const int AfInet = 2, Stream = 1;
        SafeFileHandle handle = ns.OpenSocket(AfInet, Stream, 0);
        Socket socket = new(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        return socket;
    }
}
