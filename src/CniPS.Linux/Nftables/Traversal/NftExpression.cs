using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>One expression of a rule: its name, and its attributes as they came.</summary>
internal sealed class NftExpression
{
    private readonly Dictionary<ushort, byte[]> _attributes = [];

    private NftExpression(string name) => Name = name;

    /// <summary>As the kernel calls it: <c>payload</c>, <c>cmp</c>.</summary>
    internal string Name { get; }

    /// <summary>Reads a rule's (NFTA_RULE_EXPRESSIONS).</summary>
    internal static List<NftExpression> Read(ReadOnlySpan<byte> expressions)
    {
        List<NftExpression> all = [];
        NetlinkAttributes list = new(expressions);
        while (list.Next())
        {
            NftExpression? one = null;
            NetlinkAttributes element = list.Nested;
            while (element.Next())
            {
                switch (element.Type)
                {
                    case Nf.NFTA_EXPR_NAME: all.Add(one = new NftExpression(element.Text)); break;
                    case Nf.NFTA_EXPR_DATA when one is not null: // the kernel writes the name first
                        NetlinkAttributes data = element.Nested;
                        while (data.Next())
                        {
                            one._attributes[data.Type] = data.Value.ToArray();
                        }

                        break;
                }
            }
        }

        return all;
    }

    internal bool Has(ushort type) => _attributes.ContainsKey(type);

    /// <summary>A number of 32 bits; 0 where there is none.</summary>
    internal uint Number(ushort type) => _attributes.TryGetValue(type, out byte[]? value) && value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;

    /// <summary>A number of 64 bits; 0 where there is none.</summary>
    internal ulong LongNumber(ushort type) => _attributes.TryGetValue(type, out byte[]? value) && value.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;

    /// <summary>A number of 8 bits; 0 where there is none.</summary>
    internal byte Byte(ushort type) => _attributes.TryGetValue(type, out byte[]? value) && value.Length > 0 ? value[0] : (byte)0;

    /// <summary>A text; empty where there is none.</summary>
    internal string Text(ushort type) => _attributes.TryGetValue(type, out byte[]? value) ? Encoding.UTF8.GetString(value.AsSpan().TrimEnd((byte)0)) : "";

    /// <summary>The bytes of an attribute; empty where there is none.</summary>
    internal ReadOnlySpan<byte> Bytes(ushort type) => _attributes.TryGetValue(type, out byte[]? value) ? value : default;

    /// <summary>A value (NFTA_DATA_VALUE); empty where there is none.</summary>
    internal ReadOnlySpan<byte> Value(ushort type)
    {
        NetlinkAttributes data = new(Bytes(type));
        while (data.Next())
        {
            if (data.Type == Nf.NFTA_DATA_VALUE)
            {
                return data.Value;
            }
        }

        return default;
    }

    /// <summary>A verdict (NFTA_DATA_VERDICT); null where there is none.</summary>
    internal NftVerdict? Verdict(ushort type)
    {
        NetlinkAttributes data = new(Bytes(type));
        while (data.Next())
        {
            if (data.Type == Nf.NFTA_DATA_VERDICT)
            {
                return NftVerdict.Read(data.Nested);
            }
        }

        return null;
    }
}
