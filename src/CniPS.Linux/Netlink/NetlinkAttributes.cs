using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>
/// Walks over attributes: <c>while (attributes.Next()) switch (attributes.Type) …</c>. A length that does not fit ends the walk; a payload that is
/// too short for what it is read as is a <see cref="LinuxException"/>.
/// </summary>
internal ref struct NetlinkAttributes
{
    private ReadOnlySpan<byte> _rest;

    internal NetlinkAttributes(ReadOnlySpan<byte> bytes)
    {
        _rest = bytes;
        Value = default;
        Type = 0;
    }

    /// <summary>The attribute's type, without the flag bits.</summary>
    internal ushort Type { get; private set; }

    /// <summary>The attribute's payload.</summary>
    internal ReadOnlySpan<byte> Value { get; private set; }

    internal readonly byte U8 => Struct<byte>();

    internal readonly ushort U16 => Struct<ushort>();

    internal readonly int S32 => Struct<int>();

    internal readonly uint U32 => Struct<uint>();

    internal readonly ushort BigEndian16 => BinaryPrimitives.ReverseEndianness(Struct<ushort>());

    internal readonly uint BigEndian32 => BinaryPrimitives.ReverseEndianness(Struct<uint>());

    internal readonly ulong BigEndian64 => BinaryPrimitives.ReverseEndianness(Struct<ulong>());

    internal readonly string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    internal readonly IPAddress Address => Value.Length is 4 or 16 ? new IPAddress(Value) : throw NetlinkMessage.Malformed();

    internal readonly NetlinkAttributes Nested => new(Value);

    /// <summary>The payload's beginning as a struct of the kernel's.</summary>
    /// <exception cref="LinuxException">The payload is shorter.</exception>
    internal readonly T Struct<T>()
        where T : unmanaged => MemoryMarshal.TryRead(Value, out T value) ? value : throw NetlinkMessage.Malformed();

    internal bool Next()
    {
        if (_rest.Length < 4)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < 4 || length > _rest.Length)
        {
            return false;
        }

        Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & Nl.NLA_TYPE_MASK);
        Value = _rest[4..length];
        // The last attribute of a message may lack its padding.
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
