using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CniPS.Linux.Route;

/// <summary>
/// An address as a number, for counting through a range: 32 bits for IPv4, 128 for IPv6. (.NET's own 128-bit number can't be compiled ahead
/// of time, which would cost the first ADD of a session two milliseconds.)
/// </summary>
/// <param name="High">The upper 64 bits.</param>
/// <param name="Low">The lower 64 bits.</param>
public readonly record struct IpNumber(ulong High, ulong Low) : IComparable<IpNumber>
{
    /// <summary>The number of an address.</summary>
    public static IpNumber Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int n);
        return n == 4
            ? new IpNumber(0, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new IpNumber(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>The highest address of a subnet: IPv4's broadcast address.</summary>
    public static IpNumber LastOf(IpPrefix subnet)
    {
        IpNumber first = Of(subnet.Network.Address);
        int hostBits = IpText.Bits(subnet.Family) - subnet.Length;
        return new IpNumber(first.High | Ones(hostBits - 64), first.Low | Ones(hostBits));
    }

    /// <summary>The number's address.</summary>
    public IPAddress ToAddress(AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Low);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(bytes);
    }

    /// <summary>The number behind this one.</summary>
    public IpNumber Next() => new(Low == ulong.MaxValue ? High + 1 : High, Low + 1);

    /// <summary>The number before this one.</summary>
    public IpNumber Previous() => new(Low == 0 ? High - 1 : High, Low - 1);

    /// <inheritdoc/>
    public int CompareTo(IpNumber other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Whether one comes before another.</summary>
    public static bool operator <(IpNumber left, IpNumber right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes behind another.</summary>
    public static bool operator >(IpNumber left, IpNumber right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes before another, or is it.</summary>
    public static bool operator <=(IpNumber left, IpNumber right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes behind another, or is it.</summary>
    public static bool operator >=(IpNumber left, IpNumber right) => left.CompareTo(right) >= 0;

    private static ulong Ones(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : (1UL << count) - 1;
}
