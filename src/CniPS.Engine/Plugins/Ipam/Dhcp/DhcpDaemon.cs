using System;
using System.Collections.Generic;
using System.Threading;
using CniPS.Linux;
using CniPS.Linux.Sockets;
using CniPS.Spec;

namespace CniPS.Plugins.Ipam;

/// <summary>The daemon that keeps the leases, as its clients see it: a socket.</summary>
public static class DhcpDaemon
{
    /// <summary>Where it listens where nothing else is said.</summary>
    public const string DefaultSocket = DhcpConfiguration.DefaultSocket;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    /// <summary>The leases that a daemon keeps.</summary>
    /// <param name="path">Its socket.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CniException">There is none, or it is not ours (<see cref="CniErrorIds.DhcpDaemonUnavailable"/>).</exception>
    public static IReadOnlyList<DhcpLeaseInfo> Leases(string path, CancellationToken cancellation = default) =>
        Ask(path, new DhcpQuestion { Command = "LIST" }.ToLine(), cancellation).Leases;

    /// <summary>Asks, and waits for the answer: for an address, as long as the daemon looks for one. Who stops waiting takes the question back.</summary>
    internal static DhcpAnswer Ask(string path, ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        try
        {
            using UnixSocket socket = UnixSocket.Connect(path);
            Send(socket, [.. line.Span, (byte)'\n']);
            return DhcpAnswer.Parse(Receive(socket, cancellation), path);
        }
        catch (LinuxException e)
        {
            throw new CniException(
                CniErrorIds.DhcpDaemonUnavailable, CniErrorCode.PluginNotAvailable, $"error dialing DHCP daemon: {e.Message}", innerException: e)
            {
                Target = path,
                RecommendedAction = "Start it: Start-CniDhcpService.",
            };
        }
    }

    private static void Send(UnixSocket socket, ReadOnlySpan<byte> text)
    {
        PollSet set = new();
        while (!text.IsEmpty)
        {
            int sent = socket.Send(text);
            text = text[sent..];
            if (sent == 0)
            {
                set.Clear();
                set.Add(socket.Handle, PollFor.Room);
                set.Wait(s_patience);
            }
        }
    }

    // One line, or all that comes before the end.
    private static ReadOnlyMemory<byte> Receive(UnixSocket socket, CancellationToken cancellation)
    {
        PollSet set = new();
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            set.Clear();
            set.Add(socket.Handle);
            set.Wait(s_patience);
            cancellation.ThrowIfCancellationRequested();
            int received = socket.Receive(buffer.AsSpan(length));
            int end = received > 0 ? buffer.AsSpan(length, received).IndexOf((byte)'\n') : -1;
            if (end >= 0 || received == 0)
            {
                return buffer.AsMemory(0, end >= 0 ? length + end : length);
            }

            length += Math.Max(received, 0);
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }
        }
    }
}
