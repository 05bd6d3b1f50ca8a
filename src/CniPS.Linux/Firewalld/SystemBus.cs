using System;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace CniPS.Linux.Firewalld;

/// <summary>A connection to the machine's D-Bus, for a few calls. Nothing is kept open: firewalld's own work takes far longer.</summary>
internal sealed class SystemBus : IDisposable
{
    private const string Name = "org.freedesktop.DBus", Path = "/org/freedesktop/DBus";
    private const int PatienceMilliseconds = 60_000; // firewalld may be loading its whole ruleset
    private const int MaxMessage = 1 << 20;

    private readonly Socket _socket;
    private uint _serial;

    private SystemBus(Socket socket) => _socket = socket;

    /// <summary>Connects; null where there is no bus.</summary>
    /// <param name="addresses">As in DBUS_SYSTEM_BUS_ADDRESS: <c>unix:path=/run/dbus/system_bus_socket</c>, several with semicolons.</param>
    internal static SystemBus? TryConnect(string addresses)
    {
        foreach (string address in addresses.Split(';'))
        {
            if (PathOf(address) is not { } path || !File.Exists(path))
            {
                continue;
            }

            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                ReceiveTimeout = PatienceMilliseconds,
                SendTimeout = PatienceMilliseconds,
            };
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                SystemBus bus = new(socket);
                bus.Greet();
                return bus;
            }
            catch (Exception e) when (e is SocketException or FormatException or LinuxException)
            {
                socket.Dispose(); // a bus that doesn't answer is none
            }
        }

        return null;
    }

    /// <summary>Whether somebody has a name; nobody is started for it.</summary>
    internal bool HasOwner(string name) => Call(Name, Path, Name, "NameHasOwner", name).Flag == true;

    /// <summary>Calls a method and waits for the answer.</summary>
    /// <returns>The answer; an error too is one.</returns>
    internal DBusMessage Call(string destination, string path, string @interface, string member, params ReadOnlySpan<string> arguments)
    {
        uint serial = ++_serial;
        Send(DBusMessage.WriteCall(serial, destination, path, @interface, member, arguments));
        while (true)
        {
            // What else is sent to everybody, such as signals, is passed over.
            DBusMessage message = Receive();
            if (message.ReplySerial == serial && message.Type is DBusMessage.Return or DBusMessage.Error)
            {
                return message;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string? PathOf(string address)
    {
        foreach (string part in address.StartsWith("unix:", StringComparison.Ordinal) ? address[5..].Split(',') : [])
        {
            if (part.StartsWith("path=", StringComparison.Ordinal))
            {
                return part[5..];
            }
        }

        return null;
    }

    // The kernel tells the bus who we are (D-Bus specification, "EXTERNAL").
    private void Greet()
    {
        Send(Encoding.ASCII.GetBytes("\0AUTH EXTERNAL\r\nDATA\r\n"));
        string answer = Line();
        answer = answer.StartsWith("DATA", StringComparison.Ordinal) ? Line() : answer;
        if (!answer.StartsWith("OK", StringComparison.Ordinal))
        {
            throw new FormatException($"D-Bus: {answer}");
        }

        Send(Encoding.ASCII.GetBytes("BEGIN\r\n"));
        Call(Name, Path, Name, "Hello");
    }

    private string Line()
    {
        StringBuilder line = new();
        Span<byte> one = stackalloc byte[1];
        while (line.Length < 512)
        {
            Receive(one);
            if (one[0] == '\n')
            {
                break;
            }

            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd();
    }

    private DBusMessage Receive()
    {
        byte[] head = new byte[DBusMessage.Head];
        Receive(head);
        long rest = DBusMessage.Rest(head);
        if (rest > MaxMessage)
        {
            throw new FormatException("a message of D-Bus is too long");
        }

        byte[] message = new byte[DBusMessage.Head + rest];
        head.CopyTo(message, 0);
        Receive(message.AsSpan(DBusMessage.Head));
        return DBusMessage.Read(message);
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private void Receive(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = _socket.Receive(bytes);
            bytes = read > 0 ? bytes[read..] : throw new FormatException("D-Bus closed the connection");
        }
    }
}
