using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CniPS.Linux.Probe;

/// <summary>A server's answer to the question which addresses a name has.</summary>
/// <param name="Code">RCODE (RFC 1035, section 4.1.1): 0 where all is well, 3 where there is no such name.</param>
/// <param name="Addresses">The addresses of the family that was asked for.</param>
public sealed record DnsAnswer(int Code, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>The code in its own word.</summary>
    public string CodeText => Code switch { 0 => "NOERROR", 1 => "FORMERR", 2 => "SERVFAIL", 3 => "NXDOMAIN", 4 => "NOTIMP", 5 => "REFUSED", _ => $"RCODE {Code}" };
}

/// <summary>DNS' messages (RFC 1035, section 4), as far as it takes to ask for a name's addresses.</summary>
public static class DnsMessage
{
    private const int Head = 12, LongestName = 253, LongestLabel = 63;
    private const ushort InternetClass = 1, A = 1, Aaaa = 28;

    /// <summary>Whether a text can be a host's name: labels of letters, digits, <c>-</c> and <c>_</c>, with a letter somewhere.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string plain = text.EndsWith('.') ? text[..^1] : text;
        bool hasLetter = false;
        foreach (char c in plain)
        {
            hasLetter |= char.IsAsciiLetter(c);
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return hasLetter && plain.Length <= LongestName && Array.TrueForAll(plain.Split('.'), static label => label.Length is > 0 and <= LongestLabel);
    }

    /// <summary>The question for a name's addresses, to be looked for by the server itself (RD).</summary>
    /// <param name="id">A number by which its answer is known.</param>
    /// <param name="name">The full name (<see cref="IsName"/>).</param>
    /// <param name="family">Which addresses.</param>
    public static byte[] Question(ushort id, string name, AddressFamily family)
    {
        ArgumentNullException.ThrowIfNull(name);
        List<byte> message = [(byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        foreach (string label in name.TrimEnd('.').Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        ushort type = TypeOf(family);
        message.AddRange([0, (byte)(type >> 8), (byte)type, 0, (byte)InternetClass]);
        return [.. message];
    }

    /// <summary>Reads an answer; null for what is none to the question of that number.</summary>
    public static DnsAnswer? Read(ReadOnlySpan<byte> message, ushort id, AddressFamily family)
    {
        if (message.Length < Head || BinaryPrimitives.ReadUInt16BigEndian(message) != id || (message[2] & 0x80) == 0)
        {
            return null;
        }

        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]), answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        List<IPAddress> found = [];
        int at = Head;
        for (int i = 0; i < questions && at >= 0; i++)
        {
            at = BehindName(message, at) is >= 0 and var behind && behind + 4 <= message.Length ? behind + 4 : -1;
        }

        ushort wanted = TypeOf(family);
        for (int i = 0; i < answers && at >= 0 && BehindName(message, at) is >= 0 and var record && record + 10 <= message.Length; i++)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(message[record..]), length = BinaryPrimitives.ReadUInt16BigEndian(message[(record + 8)..]);
            at = record + 10 + length;
            if (at > message.Length)
            {
                break; // cut off
            }

            if (type == wanted && length == (wanted == A ? 4 : 16))
            {
                found.Add(new IPAddress(message.Slice(record + 10, length)));
            }
        }

        return new DnsAnswer(message[3] & 15, found);
    }

    private static ushort TypeOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? Aaaa : A;

    // A name ends in a label of no length, or in a pointer to elsewhere, of which no more is needed here. -1 where it doesn't end.
    private static int BehindName(ReadOnlySpan<byte> message, int at)
    {
        while (at < message.Length)
        {
            int length = message[at];
            if (length == 0)
            {
                return at + 1;
            }

            if ((length & 0xc0) == 0xc0)
            {
                return at + 2;
            }

            at += length + 1;
        }

        return -1;
    }
}
