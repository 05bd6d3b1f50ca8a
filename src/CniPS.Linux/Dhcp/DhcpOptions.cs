using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;

namespace CniPS.Linux.Dhcp;

/// <summary>The options of a DHCP message, in order; each code is there once (RFC 2132, 2; RFC 3396 for long ones).</summary>
public sealed class DhcpOptions
{
    private readonly List<KeyValuePair<byte, byte[]>> _options = [];

    /// <summary>The options, in order.</summary>
    public IReadOnlyList<KeyValuePair<byte, byte[]>> All => _options;

    /// <summary>An option's value, or null.</summary>
    public byte[]? this[byte code] => _options.Find(option => option.Key == code).Value;

    /// <summary>Sets an option; one that is there keeps its place.</summary>
    public DhcpOptions Set(byte code, ReadOnlySpan<byte> value)
    {
        int place = _options.FindIndex(option => option.Key == code);
        KeyValuePair<byte, byte[]> option = new(code, value.ToArray());
        if (place >= 0)
        {
            _options[place] = option;
        }
        else
        {
            _options.Add(option);
        }

        return this;
    }

    /// <summary>Sets an option to an IPv4 address.</summary>
    public DhcpOptions Set(byte code, IPAddress address) => Set(code, address.GetAddressBytes());

    /// <summary>The value as an IPv4 address: its first four bytes. Null where there are fewer.</summary>
    public IPAddress? GetAddress(byte code) => this[code] is { Length: >= 4 } value ? new IPAddress(value.AsSpan(0, 4)) : null;

    /// <summary>The value as a number of seconds; null where it is none.</summary>
    public uint? GetSeconds(byte code) => this[code] is { Length: 4 } value ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>Writes the options and their end. A value of more than 255 bytes becomes several options (RFC 3396).</summary>
    internal void Write(List<byte> buffer)
    {
        foreach ((byte code, byte[] value) in _options)
        {
            int at = 0;
            do
            {
                int part = Math.Min(value.Length - at, 255);
                buffer.Add(code);
                buffer.Add((byte)part);
                buffer.AddRange(value.AsSpan(at, part));
                at += part;
            }
            while (at < value.Length);
        }

        buffer.Add(DhcpOptionCode.End);
    }

    /// <summary>Reads a field of options. An option that is there several times is one value in parts (RFC 3396).</summary>
    /// <returns>False if an option's length leads beyond the field.</returns>
    internal bool Read(ReadOnlySpan<byte> field)
    {
        while (!field.IsEmpty && field[0] != DhcpOptionCode.End)
        {
            if (field[0] == DhcpOptionCode.Pad)
            {
                field = field[1..];
                continue;
            }

            if (field.Length < 2 || field.Length < 2 + field[1])
            {
                return false;
            }

            Set(field[0], [.. this[field[0]] ?? [], .. field.Slice(2, field[1])]);
            field = field[(2 + field[1])..];
        }

        return true;
    }
}
