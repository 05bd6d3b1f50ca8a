using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using CniPS.Linux.Route;

namespace CniPS.Linux.Dhcp;

/// <summary>A DHCP message (RFC 2131, 2), of or to a client on Ethernet.</summary>
public sealed record DhcpMessage
{
    private const int OptionsOffset = 240, LeastLength = 300; // relays drop what is shorter than BOOTP's
    private const int ServerNameOffset = 44, FileOffset = 108, CookieOffset = 236;
    private const uint Cookie = 0x63825363;
    private const ushort BroadcastFlag = 0x8000;

    /// <summary>Whether it is a server's (op 2), not a client's (op 1).</summary>
    public bool IsReply { get; init; }

    /// <summary>The number by which answers are told from others' (xid).</summary>
    public required uint TransactionId { get; init; }

    /// <summary>Seconds since the client began (secs).</summary>
    public ushort Seconds { get; init; }

    /// <summary>Whether the server has to answer by broadcast.</summary>
    public bool Broadcast { get; init; }

    /// <summary>The address that the client has (ciaddr).</summary>
    public IPAddress ClientAddress { get; init; } = IPAddress.Any;

    /// <summary>The address that the client gets (yiaddr).</summary>
    public IPAddress YourAddress { get; init; } = IPAddress.Any;

    /// <summary>The client's link-layer address (chaddr).</summary>
    public required MacAddress Mac { get; init; }

    /// <summary>The options, its type among them.</summary>
    public required DhcpOptions Options { get; init; }

    /// <summary>What it says.</summary>
    public DhcpMessageType Type => Options[DhcpOptionCode.MessageType] is [byte type] ? (DhcpMessageType)type : DhcpMessageType.None;

    /// <summary>The message's bytes, padded to the length that BOOTP had.</summary>
    public byte[] ToBytes()
    {
        byte[] head = new byte[OptionsOffset];
        head[0] = IsReply ? (byte)2 : (byte)1;
        head[1] = 1; // Ethernet (ARPHRD_ETHER)
        head[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), TransactionId);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(8), Seconds);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(10), Broadcast ? BroadcastFlag : (ushort)0);
        ClientAddress.TryWriteBytes(head.AsSpan(12), out _);
        YourAddress.TryWriteBytes(head.AsSpan(16), out _);
        Mac.CopyTo(head.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(CookieOffset), Cookie);
        List<byte> bytes = [.. head];
        Options.Write(bytes);
        while (bytes.Count < LeastLength)
        {
            bytes.Add(DhcpOptionCode.Pad);
        }

        return [.. bytes];
    }

    /// <summary>Reads a message.</summary>
    /// <param name="bytes">The payload of a UDP packet.</param>
    /// <param name="message">The message, if it is one, whole, and for Ethernet.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DhcpMessage? message)
    {
        message = null;
        if (bytes.Length < OptionsOffset || bytes[0] is not (1 or 2) || bytes[2] != 6
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CookieOffset..]) != Cookie)
        {
            return false;
        }

        DhcpOptions options = new();
        if (!options.Read(bytes[OptionsOffset..]))
        {
            return false;
        }

        // The fields for names may hold more options: file, then sname (RFC 2131, 4.1).
        int overload = options[DhcpOptionCode.Overload] is [byte fields] ? fields : 0;
        if (((overload & 1) != 0 && !options.Read(bytes[FileOffset..CookieOffset]))
            || ((overload & 2) != 0 && !options.Read(bytes[ServerNameOffset..FileOffset])))
        {
            return false;
        }

        message = new DhcpMessage
        {
            IsReply = bytes[0] == 2,
            TransactionId = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Seconds = BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]),
            Broadcast = (bytes[10] & 0x80) != 0,
            ClientAddress = new IPAddress(bytes.Slice(12, 4)),
            YourAddress = new IPAddress(bytes.Slice(16, 4)),
            Mac = new MacAddress(bytes.Slice(28, 6)),
            Options = options,
        };
        return true;
    }
}
