using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>
/// Whether a rule that is there says what one that is wanted would. The kernel lists what it was sent with the parts that were left out, and
/// sets without a name under names that it chose. Comments don't count; of words that only nft can read, what stands before and behind them.
/// </summary>
internal static class NftRuleComparison
{
    // No expression that is written here has attributes behind this one.
    private const int Attributes = 16;

    internal static bool IsSame(INftablesView view, NftTable table, NftRuleBody wanted, NftRule there)
    {
        int words = FirstWords(wanted.Statements);
        if (words >= 0)
        {
            return there.Expressions.Span.SequenceEqual(Encoding.UTF8.GetBytes(wanted.ToString())) // in a plan
                || IsAround(view, table, wanted.Statements, words, there);
        }

        List<byte[]> listed = Split(there.Expressions.Span), written = Write(wanted.Statements, table.Family);
        return listed.Count == written.Count && AreSame(view, table, wanted.Statements, written, listed);
    }

    private static int FirstWords(IReadOnlyList<NftStatement> statements)
    {
        for (int i = 0; i < statements.Count; i++)
        {
            if (statements[i].NeedsProgram)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsAround(INftablesView view, NftTable table, IReadOnlyList<NftStatement> statements, int words, NftRule there)
    {
        int last = statements.Count - 1;
        while (!statements[last].NeedsProgram)
        {
            last--;
        }

        List<NftStatement> before = [], behind = [];
        for (int i = 0; i < statements.Count; i++)
        {
            (i < words ? before : i > last ? behind : []).Add(statements[i]);
        }

        List<byte[]> listed = Split(there.Expressions.Span), first = Write(before, table.Family), end = Write(behind, table.Family);
        return listed.Count > first.Count + end.Count
            && AreSame(view, table, before, first, listed.GetRange(0, first.Count))
            && AreSame(view, table, behind, end, listed.GetRange(listed.Count - end.Count, end.Count));
    }

    private static List<byte[]> Write(IReadOnlyList<NftStatement> statements, NftFamily family)
    {
        NetlinkBatch batch = new(512);
        NftMessage.Begin(batch, Nf.NFT_MSG_NEWRULE, 0, family);
        new NftRuleBody(statements).Write(batch, family, ownSet: 0);
        return Split(NftRule.Read(NftMessage.Attributes(batch.Bytes[Unsafe.SizeOf<nlmsghdr>()..])).Expressions.Span);
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> expressions)
    {
        List<byte[]> split = [];
        NetlinkAttributes each = new(expressions);
        while (each.Next())
        {
            split.Add(each.Value.ToArray());
        }

        return split;
    }

    private static bool AreSame(
        INftablesView view, NftTable table, IReadOnlyList<NftStatement> statements, List<byte[]> written, List<byte[]> listed)
    {
        int ownSets = 0;
        for (int i = 0; i < written.Count; i++)
        {
            Expression ours = new(written[i]), theirs = new(listed[i]);
            if (ours.Name != theirs.Name)
            {
                return false;
            }

            if (ours.Name == "lookup" && NftOwnSetMatch.IsOwn(ours.Text(Nf.NFTA_LOOKUP_SET)))
            {
                string name = theirs.Text(Nf.NFTA_LOOKUP_SET);
                if (!NftOwnSetMatch.IsOwn(name) || !Holds(view, table, name, Own(statements, ownSets++)))
                {
                    return false;
                }

                ours.Ignored = theirs.Ignored = Nf.NFTA_LOOKUP_SET;
            }

            for (ushort type = 1; type < Attributes; type++)
            {
                if (!ours.Says(type, theirs))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static NftOwnSetMatch Own(IReadOnlyList<NftStatement> statements, int index)
    {
        foreach (NftStatement statement in statements)
        {
            if (statement is NftOwnSetMatch match && index-- == 0)
            {
                return match;
            }
        }

        throw new InvalidOperationException("a look-up in a set without a name, and no such statement");
    }

    private static bool Holds(INftablesView view, NftTable table, string name, NftOwnSetMatch wanted)
    {
        if (name.EndsWith("%d", StringComparison.Ordinal))
        {
            return true; // in a plan, which has no elements of it
        }

        HashSet<NftValue> keys = [];
        foreach (NftElement element in view.GetElements(new NftSet(table, name, wanted.KeyType)))
        {
            keys.Add(element.Key);
        }

        HashSet<NftValue> bounds = [.. wanted.Keys];
        NftValue none = new(wanted.KeyType, new byte[wanted.KeyType.Length]);
        bounds.Remove(none);
        keys.Remove(none); // "out" from the beginning, which a kernel may leave out
        return keys.SetEquals(bounds);
    }

    /// <summary>An expression's attributes by type.</summary>
    private ref struct Expression
    {
        private readonly NetlinkAttributes _data;

        internal Expression(ReadOnlySpan<byte> expression)
        {
            Name = "";
            NetlinkAttributes attributes = new(expression);
            while (attributes.Next())
            {
                switch (attributes.Type)
                {
                    case Nf.NFTA_EXPR_NAME: Name = attributes.Text; break;
                    case Nf.NFTA_EXPR_DATA: _data = attributes.Nested; break;
                }
            }
        }

        internal string Name { get; }

        /// <summary>An attribute that has been looked at already.</summary>
        internal ushort Ignored { get; set; }

        internal readonly string Text(ushort type) => Encoding.UTF8.GetString(Find(type).TrimEnd((byte)0));

        /// <summary>Whether a listed expression's attribute of a type says what this one's does.</summary>
        internal readonly bool Says(ushort type, scoped in Expression listed)
        {
            if (type == Ignored || (Name == "lookup" && type == Nf.NFTA_LOOKUP_SET_ID))
            {
                return true;
            }

            ReadOnlySpan<byte> ours = Find(type), theirs = listed.Find(type);
            return ours.SequenceEqual(theirs)
                || (IsNested(type) && Nested(ours) == Nested(theirs))
                || (Number(type, ours) is { } number && number == listed.Number(type, theirs));
        }

        private readonly ReadOnlySpan<byte> Find(ushort type)
        {
            NetlinkAttributes attributes = _data;
            while (attributes.Next())
            {
                if (attributes.Type == type)
                {
                    return attributes.Value;
                }
            }

            return default;
        }

        // With the flag on a nested attribute, or without; padded, or not.
        private readonly bool IsNested(ushort type) => Name == "immediate" && type == Nf.NFTA_IMMEDIATE_DATA;

        private static string? Nested(ReadOnlySpan<byte> data)
        {
            NetlinkAttributes attributes = new(data);
            return !attributes.Next() ? null
                : attributes.Type == Nf.NFTA_DATA_VERDICT ? NftVerdict.Read(attributes.Nested).ToString()
                : Convert.ToHexString(attributes.Value);
        }

        // What is left out is 0; the end of a range of one is its beginning, and that there is one follows from it.
        private readonly long? Number(ushort type, ReadOnlySpan<byte> value)
        {
            if (value.Length is not 0 and not 4)
            {
                return null;
            }

            uint number = value.IsEmpty ? 0 : System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value);
            return (Name, type) switch
            {
                ("nat", Nf.NFTA_NAT_REG_ADDR_MAX) when value.IsEmpty => Number(Nf.NFTA_NAT_REG_ADDR_MIN, Find(Nf.NFTA_NAT_REG_ADDR_MIN)),
                ("nat", Nf.NFTA_NAT_REG_PROTO_MAX) when value.IsEmpty => Number(Nf.NFTA_NAT_REG_PROTO_MIN, Find(Nf.NFTA_NAT_REG_PROTO_MIN)),
                ("nat", Nf.NFTA_NAT_FLAGS) => number & ~(Nf.NF_NAT_RANGE_MAP_IPS | Nf.NF_NAT_RANGE_PROTO_SPECIFIED),
                _ => number,
            };
        }
    }
}
