using System;
using System.Net.Sockets;
using System.Text;

namespace CniPS.Node;

/// <summary>Tells systemd how it stands (sd_notify(3)); who started the process otherwise wants to know nothing.</summary>
internal static class Readiness
{
    /// <summary>Tells it.</summary>
    /// <param name="state"><c>READY=1</c>, <c>STOPPING=1</c>.</param>
    internal static void Tell(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
        {
            return;
        }

        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        socket.Send(Encoding.UTF8.GetBytes(state));
    }
}
