using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Xunit;

namespace CniPS.Linux.Tests.Capture;

/// <summary>Reads pcapng, strictly: each block must be whole.</summary>
internal sealed record Pcapng
{
    internal string Comment { get; private set; } = "";

    internal List<(string Name, string Description, string Filter)> Interfaces { get; } = [];

    internal List<(uint Interface, ulong Time, uint Flags, byte[] Bytes)> Packets { get; } = [];

    internal List<(ulong Received, ulong Dropped)> Statistics { get; } = [];

    internal static Pcapng Read(byte[] file)
    {
        Pcapng read = new();
        for (int at = 0; at < file.Length;)
        {
            ReadOnlySpan<byte> rest = file.AsSpan(at);
            int length = (int)U32(rest, 4);
            Assert.True(length % 4 == 0 && length <= rest.Length && U32(rest, length - 4) == length, $"a block at {at} is broken");
            read.ReadBlock(U32(rest, 0), rest[8..(length - 4)]);
            at += length;
        }

        return read;
    }

    private void ReadBlock(uint type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case 0x0a0d0d0a:
                Assert.Equal(0x1a2b3c4du, U32(body, 0));
                Comment = Text(Options(body[16..]), 1);
                break;
            case 1:
                Assert.Equal(9, Options(body[8..])[9][0]);
                Interfaces.Add((Text(Options(body[8..]), 2), Text(Options(body[8..]), 3), Text(Options(body[8..]), 11).TrimStart('\0')));
                break;
            case 6:
                int captured = (int)U32(body, 12);
                Packets.Add((U32(body, 0), ((ulong)U32(body, 4) << 32) | U32(body, 8), U32(Options(body[(20 + ((captured + 3) & ~3))..])[2], 0), body.Slice(20, captured).ToArray()));
                break;
            case 5:
                Dictionary<ushort, byte[]> counted = Options(body[12..]);
                Statistics.Add((BitConverter.ToUInt64(counted[4]), BitConverter.ToUInt64(counted[5])));
                break;
            default:
                Assert.Fail($"a block of type {type}");
                break;
        }
    }

    private static Dictionary<ushort, byte[]> Options(ReadOnlySpan<byte> rest)
    {
        Dictionary<ushort, byte[]> options = [];
        while (true)
        {
            ushort code = BinaryPrimitives.ReadUInt16LittleEndian(rest), length = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            if (code == 0)
            {
                Assert.Equal((0, 4), (length, rest.Length));
                return options;
            }

            options[code] = rest.Slice(4, length).ToArray();
            rest = rest[(4 + ((length + 3) & ~3))..];
        }
    }

    private static string Text(Dictionary<ushort, byte[]> options, ushort code) => options.TryGetValue(code, out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : "";

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
