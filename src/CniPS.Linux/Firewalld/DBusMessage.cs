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
    internal static int Rest(ReadOnlySpan<byte> head) => Pad((int)Number(head, 12), 8) + (int)Number(head, 4);

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
        if (bytes[0] != 'l')
        {
            throw new FormatException("a message of D-Bus is not little-endian");
        }

        int end = Head + (int)Number(bytes, 12), at = Head;
        uint replySerial = 0;
        string signature = "";
        while (at < end)
        {
            at = Pad(at, 8);
            byte code = bytes[at];
            char type = (char)bytes[at + 2];
            at += 4; // code, and a signature of one type
            switch (type)
            {
                case 'u':
                    uint number = Number(bytes, Pad(at, 4));
                    replySerial = code == ReplySerialField ? number : replySerial;
                    at = Pad(at, 4) + 4;
                    break;
                case 'g':
                    signature = code == SignatureField ? Encoding.ASCII.GetString(bytes.Slice(at + 1, bytes[at])) : signature;
                    at += bytes[at] + 2;
                    break;
                case 's' or 'o':
                    at = Pad(at, 4);
                    at += (int)Number(bytes, at) + 5;
                    break;
                default:
                    throw new FormatException($"a header field of D-Bus has the type {type}");
            }
        }

        int body = Pad(end, 8);
        return new DBusMessage
        {
            Type = bytes[1],
            ReplySerial = replySerial,
            Text = signature.StartsWith('s') ? Encoding.UTF8.GetString(bytes.Slice(body + 4, (int)Number(bytes, body))) : null,
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

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
