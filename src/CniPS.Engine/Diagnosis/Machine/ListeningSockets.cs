using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CniPS.Diagnosis;

/// <summary>Which addresses a port is listened on (/proc/net/tcp, udp and those of IPv6, proc(5)).</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A", Unconnected = "07";

    /// <summary>The addresses; those of IPv6 for packets of IPv4, too, since a socket of both stands there.</summary>
    /// <param name="view">Where.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="port">The port.</param>
    internal static IReadOnlyList<IPAddress> Of(NamespaceView view, ProtocolType protocol, ushort port)
    {
        List<IPAddress> found = [];
        string name = protocol == ProtocolType.Tcp ? "tcp" : "udp";
        Read(view, name, protocol, port, found);
        Read(view, name + "6", protocol, port, found);
        return found;
    }

    /// <summary>Whether a socket on an address takes packets to another.</summary>
    internal static bool Takes(IPAddress bound, IPAddress destination) =>
        bound.Equals(destination) || bound.Equals(IPAddress.IPv6Any)
        || (bound.Equals(IPAddress.Any) && destination.AddressFamily == AddressFamily.InterNetwork)
        || (bound.IsIPv4MappedToIPv6 && bound.MapToIPv4().Equals(destination));

    private static void Read(NamespaceView view, string name, ProtocolType protocol, ushort port, List<IPAddress> found)
    {
        if (view.Namespace.ReadProcNet(name) is not { } content)
        {
            return;
        }

        string state = protocol == ProtocolType.Tcp ? Listening : Unconnected;
        foreach (string line in Encoding.ASCII.GetString(content).Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 3 && words[3] == state && words[1].Split(':') is [string address, string number]
                && ushort.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort of) && of == port)
            {
                found.Add(Address(address));
            }
        }
    }

    // Words of 32 bits in the machine's order.
    private static IPAddress Address(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        for (int at = 0; at + 4 <= bytes.Length && BitConverter.IsLittleEndian; at += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)));
        }

        return new IPAddress(bytes);
    }
}
