using System;
using System.Buffers.Binary;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>
/// An nf_tables message as a tree of attributes, one a line, without what differs between programs to no effect: numbers for sets within a
/// transaction (we use names), and the types of a concatenation's parts in a set's user data (nft 1.0.6 writes two empty ones).
/// </summary>
internal static class NftMessageTree
{
    private const byte NFTNL_UDATA_SET_KEY_TYPEOF = 3, NFTNL_UDATA_SET_DATA_TYPEOF = 4;

    internal static string Of(ushort type, ReadOnlySpan<byte> body)
    {
        StringBuilder text = new();
        text.AppendLine(Convert.ToHexString(body[..4]));
        Append(text, type, body[4..], 1, null);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ushort message, ReadOnlySpan<byte> rest, int depth, string? expression)
    {
        string? name = null;
        while (rest.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            ushort raw = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            ushort type = (ushort)(raw & Nl.NLA_TYPE_MASK);
            ReadOnlySpan<byte> value = rest[4..length];
            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
            if ((expression == "lookup" && type == Nf.NFTA_LOOKUP_SET_ID)
                || (depth == 1 && message == Nf.NFT_MSG_NEWSET && type == Nf.NFTA_SET_ID)
                || (depth == 1 && message is Nf.NFT_MSG_NEWSETELEM or Nf.NFT_MSG_DELSETELEM && type == Nf.NFTA_SET_ELEM_LIST_SET_ID && raw == type))
            {
                continue;
            }

            text.Append(' ', depth * 2).Append(raw.ToString("x")).Append(": ");
            if ((raw & Nl.NLA_F_NESTED) != 0)
            {
                text.AppendLine();
                Append(text, message, value, depth + 1, name);
                continue;
            }

            if (type == Nf.NFTA_EXPR_NAME && depth == 3)
            {
                name = Encoding.ASCII.GetString(value).TrimEnd('\0');
            }

            text.AppendLine(message == Nf.NFT_MSG_NEWSET && type == Nf.NFTA_SET_USERDATA ? SetUserData(value) : Convert.ToHexString(value));
        }

        Assert(rest.IsEmpty);
    }

    private static string SetUserData(ReadOnlySpan<byte> data)
    {
        StringBuilder text = new();
        while (!data.IsEmpty)
        {
            if (data[0] is not (NFTNL_UDATA_SET_KEY_TYPEOF or NFTNL_UDATA_SET_DATA_TYPEOF))
            {
                text.Append(Convert.ToHexString(data[..(2 + data[1])])).Append(' ');
            }

            data = data[(2 + data[1])..];
        }

        return text.ToString();
    }

    private static void Assert(bool condition) => Xunit.Assert.True(condition, "bytes are left over");
}
