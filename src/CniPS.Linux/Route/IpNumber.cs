using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CniPS.Linux.Route;

/// <summary>Addresses as numbers, for counting through a range.</summary>
public static class IpNumber
{
    /// <summary>The address as a number: 32 bits for IPv4, 128 for IPv6.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int n);
        return n == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address of a number.</summary>
    public static IPAddress ToAddress(UInt128 number, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)number);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>The highest address of a subnet: IPv4's broadcast address.</summary>
    public static UInt128 Last(IpPrefix subnet)
    {
        int hostBits = IpText.Bits(subnet.Family) - subnet.Length;
        UInt128 host = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        return Of(subnet.Network.Address) | host;
    }
}
