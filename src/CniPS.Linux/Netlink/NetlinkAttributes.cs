using System;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Netlink;

/// <summary>Walks over attributes: <c>while (attributes.Next()) switch (attributes.Type) …</c>. A length that does not fit ends the walk.</summary>
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

    internal readonly byte U8 => Value[0];

    internal readonly ushort U16 => MemoryMarshal.Read<ushort>(Value);

    internal readonly int S32 => MemoryMarshal.Read<int>(Value);

    internal readonly uint U32 => MemoryMarshal.Read<uint>(Value);

    internal readonly uint BigEndian32 => BinaryPrimitives.ReadUInt32BigEndian(Value);

    internal readonly ulong BigEndian64 => BinaryPrimitives.ReadUInt64BigEndian(Value);

    internal readonly string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    internal readonly IPAddress Address => new(Value);

    internal readonly NetlinkAttributes Nested => new(Value);

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
