using System;
using System.Buffers.Binary;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>User data, which the kernel keeps and doesn't read: comments and what nft needs for printing, in libnftnl's format (udata.c).</summary>
internal static class NftUserData
{
    /// <summary>Writes user data with a comment, if there is one.</summary>
    internal static void WriteText(NetlinkBatch batch, ushort attribute, byte type, string? text)
    {
        if (text is not null)
        {
            Span<byte> bytes = stackalloc byte[256];
            batch.Attribute(attribute, bytes[..PutText(bytes, type, text)]);
        }
    }

    /// <summary>Writes a set's user data: the byte orders of key and data, whether what touches is one, and a comment.</summary>
    internal static void WriteSet(NetlinkBatch batch, NftSet set, string? comment, bool merges = false)
    {
        Span<byte> bytes = stackalloc byte[256];
        int length = PutNumber(bytes, Udata.NFTNL_UDATA_SET_KEYBYTEORDER, set.Key.ByteOrder);
        if (set.Data is { } data)
        {
            length += PutNumber(bytes[length..], Udata.NFTNL_UDATA_SET_DATABYTEORDER, data.ByteOrder);
            length += PutNumber(bytes[length..], Udata.NFTNL_UDATA_SET_DATA_INTERVAL, 0);
        }

        if (merges)
        {
            length += PutNumber(bytes[length..], Udata.NFTNL_UDATA_SET_MERGE_ELEMENTS, 1);
        }

        if (comment is not null)
        {
            length += PutText(bytes[length..], Udata.NFTNL_UDATA_SET_COMMENT, comment);
        }

        batch.Attribute(Nf.NFTA_SET_USERDATA, bytes[..length]);
    }

    /// <summary>Reads a text; null if there is none of that type.</summary>
    internal static string? ReadText(ReadOnlySpan<byte> data, byte type)
    {
        while (data.Length >= 2 && data.Length >= 2 + data[1])
        {
            ReadOnlySpan<byte> value = data.Slice(2, data[1]);
            if (data[0] == type)
            {
                return Encoding.UTF8.GetString(value.TrimEnd((byte)0));
            }

            data = data[(2 + value.Length)..];
        }

        return null;
    }

    private static int PutText(Span<byte> bytes, byte type, string text)
    {
        int length = Encoding.UTF8.GetBytes(text, bytes[2..]);
        bytes[0] = type;
        bytes[1] = checked((byte)(length + 1));
        bytes[2 + length] = 0;
        return length + 3;
    }

    private static int PutNumber(Span<byte> bytes, byte type, int number)
    {
        bytes[0] = type;
        bytes[1] = 4;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[2..], number);
        return 6;
    }
}
