using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace CniPS.Linux.Firewalld;

/// <summary>
/// A message of D-Bus, as far as firewalld needs it (D-Bus specification, "Message Protocol"): calls whose arguments are strings, and answers
/// of which the first value, a string or a boolean, is read. Little-endian.
/// </summary>
internal sealed class DBusMessage
{
    internal const byte Return = 2, Error = 3;

    private const byte Call = 1, Version = 1;
    private const byte PathField = 1, InterfaceField = 2, MemberField = 3, ReplySerialField = 5, DestinationField = 6, SignatureField = 8;

    /// <summary>The first sixteen bytes: enough to know the rest's length.</summary>
    internal const int Head = 16;

    internal byte Type { get; private init; }

    /// <summary>The serial of the call that this answers.</summary>
    internal uint ReplySerial { get; private init; }

    /// <summary>The first value, if it is a string: an error's words.</summary>
    internal string? Text { get; private init; }

    /// <summary>The first value, if it is a boolean.</summary>
    internal bool? Flag { get; private init; }

    /// <summary>How many bytes follow the first sixteen.</summary>
    internal static long Rest(ReadOnlySpan<byte> head) => (((long)Number(head, 12) + 7) / 8 * 8) + Number(head, 4);

    internal static byte[] WriteCall(uint serial, string destination, string path, string @interface, string member, params ReadOnlySpan<string> arguments)
    {
        List<byte> body = [];
        foreach (string argument in arguments)
        {
            Put(body, argument);
        }

        List<byte> fields = [];
        Field(fields, PathField, 'o', path);
        Field(fields, InterfaceField, 's', @interface);
        Field(fields, MemberField, 's', member);
        Field(fields, DestinationField, 's', destination);
        if (arguments.Length > 0)
        {
            Align(fields, 8);
            fields.AddRange([SignatureField, 1, (byte)'g', 0, (byte)arguments.Length, .. Encoding.ASCII.GetBytes(new string('s', arguments.Length)), 0]);
        }

        List<byte> message = [(byte)'l', Call, 0, Version];
        Put(message, (uint)body.Count);
        Put(message, serial);
        Put(message, (uint)fields.Count);
        message.AddRange(fields);
        Align(message, 8);
        message.AddRange(body);
        return [.. message];
    }

    /// <summary>Reads a whole message.</summary>
    /// <exception cref="FormatException">It is big-endian, or ends too early.</exception>
    internal static DBusMessage Read(ReadOnlySpan<byte> bytes)
    {
        if (Byte(bytes, 0) != 'l')
        {
            throw new FormatException("a message of D-Bus is not little-endian");
        }

        int end = Head + Length(bytes, 12, Head), at = Head;
        uint replySerial = 0;
        string signature = "";
        while (at < end)
        {
            at = Pad(at, 8);
            byte code = Byte(bytes, at);
            char type = (char)Byte(bytes, at + 2);
            at += 4; // code, and a signature of one type
            switch (type)
            {
                case 'u':
                    uint number = Number(bytes, Pad(at, 4));
                    replySerial = code == ReplySerialField ? number : replySerial;
                    at = Pad(at, 4) + 4;
                    break;
                case 'g':
                    byte length = Byte(bytes, at);
                    signature = code == SignatureField ? Encoding.ASCII.GetString(Slice(bytes, at + 1, length)) : signature;
                    at += length + 2;
                    break;
                case 's' or 'o':
                    at = Pad(at, 4);
                    at += Length(bytes, at, at + 4) + 5;
                    break;
                default:
                    throw new FormatException($"a header field of D-Bus has the type {type}");
            }
        }

        int body = Pad(end, 8);
        return new DBusMessage
        {
            Type = Byte(bytes, 1),
            ReplySerial = replySerial,
            Text = signature.StartsWith('s') ? Encoding.UTF8.GetString(bytes.Slice(body + 4, Length(bytes, body, body + 4))) : null,
            Flag = signature.StartsWith('b') ? Number(bytes, body) != 0 : null,
        };
    }

    private static void Field(List<byte> fields, byte code, char type, string value)
    {
        Align(fields, 8);
        fields.AddRange([code, 1, (byte)type, 0]);
        Put(fields, value);
    }

    private static void Put(List<byte> bytes, string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        Align(bytes, 4);
        Put(bytes, (uint)text.Length);
        bytes.AddRange(text);
        bytes.Add(0);
    }

    private static void Put(List<byte> bytes, uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        bytes.AddRange(four);
    }

    private static void Align(List<byte> bytes, int to)
    {
        while (bytes.Count % to != 0)
        {
            bytes.Add(0);
        }
    }

    private static int Pad(int at, int to) => (at + to - 1) / to * to;

    private static byte Byte(ReadOnlySpan<byte> bytes, int at) => Slice(bytes, at, 1)[0];

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(bytes, at, 4));

    // A length, of something that begins elsewhere and is whole.
    private static int Length(ReadOnlySpan<byte> bytes, int at, int begin)
    {
        uint length = Number(bytes, at);
        return begin <= bytes.Length && length <= bytes.Length - begin ? (int)length : throw TooShort();
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int at, int length) =>
        at <= bytes.Length - length ? bytes.Slice(at, length) : throw TooShort();

    private static FormatException TooShort() => new("a message of D-Bus ends too early");
}
