using System;
using System.Net.Sockets;

namespace CniPS.Linux.Firewalld;

/// <summary>firewalld, over D-Bus (firewalld.dbus(5)).</summary>
internal sealed class FirewalldView(string bus) : IFirewalldView
{
    private const string Name = "org.fedoraproject.FirewallD1", Path = "/org/fedoraproject/FirewallD1", Zones = "org.fedoraproject.FirewallD1.zone";

    /// <inheritdoc/>
    public bool IsRunning
    {
        get
        {
            using SystemBus? connection = SystemBus.TryConnect(bus);
            return connection is not null && Ask("look for firewalld", () => connection.HasOwner(Name));
        }
    }

    /// <inheritdoc/>
    public bool HasSource(string zone, string source)
    {
        string operation = $"look for {source} in zone {zone}";
        DBusMessage answer = Call(operation, "querySource", zone, source);
        return answer.Type == DBusMessage.Error ? throw new FirewalldException(operation, answer.Text ?? "refused") : answer.Flag == true;
    }

    /// <summary>Calls a method about a zone and a source.</summary>
    /// <returns>The answer; an error too is one.</returns>
    internal DBusMessage Call(string operation, string method, string zone, string source)
    {
        using SystemBus connection = SystemBus.TryConnect(bus) ?? throw new FirewalldException(operation, "there is no D-Bus here");
        return Ask(operation, () => connection.Call(Name, Path, Zones, method, zone, source));
    }

    private static T Ask<T>(string operation, Func<T> question)
    {
        try
        {
            return question();
        }
        catch (Exception e) when (e is SocketException or FormatException)
        {
            throw new FirewalldException(operation, e.Message);
        }
    }
}
