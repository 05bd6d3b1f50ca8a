using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>A value as the kernel's registers hold it: an address, a port, a name, or several of them as one.</summary>
public sealed record NftValue : NftData
{
    private readonly byte[] _bytes;

    internal NftValue(NftType type, byte[] bytes)
    {
        Type = type;
        _bytes = bytes;
    }

    /// <summary>What it is.</summary>
    public NftType Type { get; }

    /// <summary>Its bytes in the kernel's registers.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What <c>fib daddr type local</c> compares with (RTN_LOCAL): an address of this host.</summary>
    public static NftValue Local { get; } = OfHostNumber(NftType.FibAddressType, Nf.RTN_LOCAL);

    /// <summary>An address.</summary>
    public static NftValue Of(IPAddress address) =>
        new(address.AddressFamily == AddressFamily.InterNetwork ? NftType.IPv4Address : NftType.IPv6Address, address.GetAddressBytes());

    /// <summary>A link-layer address.</summary>
    public static NftValue Of(MacAddress address)
    {
        byte[] bytes = new byte[6];
        address.CopyTo(bytes);
        return new NftValue(NftType.EtherAddress, bytes);
    }

    /// <summary>A protocol above IP, by IANA's number.</summary>
    public static NftValue Protocol(ProtocolType protocol) => new(NftType.Protocol, [(byte)protocol]);

    /// <summary>A port.</summary>
    public static NftValue Port(ushort port) => new(NftType.Service, [(byte)(port >> 8), (byte)port]);

    /// <summary>A packet's mark.</summary>
    public static NftValue Mark(uint mark) => OfHostNumber(NftType.Mark, mark);

    /// <summary>An interface's name.</summary>
    public static NftValue InterfaceName(string name)
    {
        byte[] bytes = new byte[16];
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(0, 15));
        return new NftValue(NftType.InterfaceName, bytes);
    }

    /// <summary>Several values as one: <c>tcp . 8080</c>.</summary>
    public static NftValue Concat(params ReadOnlySpan<NftValue> parts)
    {
        uint id = 0;
        int length = 0;
        foreach (NftValue part in parts)
        {
            id = NftType.Concat(new NftType(id), part.Type).Id;
            length += Padded(part._bytes.Length);
        }

        byte[] bytes = new byte[length];
        int at = 0;
        foreach (NftValue part in parts)
        {
            part._bytes.CopyTo(bytes, at);
            at += Padded(part._bytes.Length);
        }

        return new NftValue(new NftType(id), bytes);
    }

    /// <summary>What the kernel sent; null if it is of another length than the type.</summary>
    internal static NftValue? FromKernel(NftType type, ReadOnlySpan<byte> bytes) =>
        bytes.Length == type.Length ? new NftValue(type, bytes.ToArray()) : null;

    /// <summary>One part of a concatenation, counted from 0.</summary>
    public NftValue Part(int index)
    {
        int at = 0;
        for (int i = 0; i < index; i++)
        {
            at += Padded(Type.Part(i).Length);
        }

        NftType type = Type.Part(index);
        return new NftValue(type, _bytes.AsSpan(at, type.Length).ToArray());
    }

    /// <summary>The address, if that is what it is.</summary>
    public IPAddress? Address => Type == NftType.IPv4Address || Type == NftType.IPv6Address ? new IPAddress(_bytes) : null;

    /// <summary>The port's or the protocol's number, if it is one of them.</summary>
    public ushort? Number =>
        Type == NftType.Service ? BinaryPrimitives.ReadUInt16BigEndian(_bytes)
        : Type == NftType.Protocol ? _bytes[0]
        : null;

    /// <summary>The interface's name, if that is what it is.</summary>
    public string? Name => Type == NftType.InterfaceName ? Encoding.UTF8.GetString(_bytes.AsSpan().TrimEnd((byte)0)) : null;

    internal override void Write(NetlinkBatch batch, ushort type)
    {
        using NetlinkBatch.Nest data = batch.Nested(type, flag: true);
        batch.Attribute(Nf.NFTA_DATA_VALUE, _bytes);
    }

    /// <summary>Whether type and bytes are the same.</summary>
    public bool Equals(NftValue? other) => other is not null && Type == other.Type && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Type.Id);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>The value as nft writes it: <c>tcp . 8080</c>.</summary>
    public override string ToString()
    {
        if (!Type.IsConcatenation)
        {
            return PartText(Type, _bytes);
        }

        StringBuilder text = new();
        int at = 0;
        for (int i = 0, n = Type.PartCount; i < n; i++)
        {
            NftType part = Type.Part(i);
            text.Append(i > 0 ? " . " : "").Append(PartText(part, _bytes.AsSpan(at, part.Length)));
            at += Padded(part.Length);
        }

        return text.ToString();
    }

    private static NftValue OfHostNumber(NftType type, uint number)
    {
        byte[] bytes = new byte[4];
        MemoryMarshal.Write(bytes, in number);
        return new NftValue(type, bytes);
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static string PartText(NftType type, ReadOnlySpan<byte> bytes)
    {
        if (type == NftType.IPv4Address || type == NftType.IPv6Address)
        {
            return new IPAddress(bytes).ToString();
        }

        if (type == NftType.EtherAddress)
        {
            return new MacAddress(bytes).ToString();
        }

        if (type == NftType.InterfaceName)
        {
            return $"\"{Encoding.UTF8.GetString(bytes.TrimEnd((byte)0))}\"";
        }

        if (type == NftType.Service)
        {
            return BinaryPrimitives.ReadUInt16BigEndian(bytes).ToString(CultureInfo.InvariantCulture);
        }

        if (type == NftType.Protocol)
        {
            return ProtocolText(bytes[0]);
        }

        uint number = MemoryMarshal.Read<uint>(bytes);
        return type == NftType.FibAddressType && number == Nf.RTN_LOCAL ? "local" : $"0x{number:x8}";
    }

    private static string ProtocolText(byte protocol) => protocol switch
    {
        Nf.IPPROTO_ICMP => "icmp",
        Nf.IPPROTO_TCP => "tcp",
        Nf.IPPROTO_UDP => "udp",
        Nf.IPPROTO_ICMPV6 => "ipv6-icmp",
        Nf.IPPROTO_SCTP => "sctp",
        _ => protocol.ToString(CultureInfo.InvariantCulture),
    };
}
