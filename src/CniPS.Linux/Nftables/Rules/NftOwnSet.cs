using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>
/// Goes on only if a field has (or hasn't) one of some values: <c>tcp dport { 80, 443 }</c>, <c>ip saddr != { 10.0.0.0/8, 192.0.2.1 }</c>. They are a
/// set without a name, which comes and goes with its rule.
/// </summary>
/// <param name="Field">The field.</param>
/// <param name="Elements">The values, of the field's type. Where one is a range or a subnet, none touches another, and none ends at the type's last value.</param>
/// <param name="Not">Whether it must have none of them.</param>
public sealed record NftOwnSetMatch(NftField Field, IReadOnlyList<NftInterval> Elements, bool Not = false) : NftStatement
{
    // The kernel puts a number in the place of %d.
    private const string Name = "__set%d";

    /// <summary>Whether a set has no name but the one that the kernel gave it.</summary>
    internal static bool IsOwn(string set) =>
        set.StartsWith("__set", StringComparison.Ordinal) || set.StartsWith("__map", StringComparison.Ordinal);

    /// <summary>What its values are.</summary>
    internal NftType KeyType => Elements[0].First.Type;

    /// <summary>What the set holds: the values, or where "in" and "out" change.</summary>
    internal IEnumerable<NftValue> Keys => (HasRanges ? Bounds() : Singles()).ConvertAll(bytes => new NftValue(KeyType, bytes));

    private bool HasRanges
    {
        get
        {
            foreach (NftInterval element in Elements)
            {
                if (!element.IsSingle)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{NftFieldInfo.Of(Field).Text} {Operator(Not)}{{ {string.Join(", ", Elements)} }}";

    internal override void Write(ref NftExpressionWriter writer)
    {
        writer.Load(Field, NftFieldInfo.Of(Field).Length);
        writer.IsInOwn(Name, Not);
    }

    /// <summary>Writes the messages that add the set, which come before its rule's.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="table">The rule's table.</param>
    /// <param name="id">The number by which the rule calls it in this transaction.</param>
    internal void WriteSet(NetlinkBatch batch, NftTable table, uint id)
    {
        bool hasRanges = HasRanges;
        List<byte[]> keys = hasRanges ? Bounds() : Singles();
        bool beginsOutside = keys.Count > 2 * Elements.Count;
        NftSet set = new(table, Name, Elements[0].First.Type);
        NftMessage.Begin(batch, Nf.NFT_MSG_NEWSET, NftMessage.Create, table.Family);
        batch.Attribute(Nf.NFTA_SET_TABLE, table.Name);
        batch.Attribute(Nf.NFTA_SET_NAME, Name);
        batch.AttributeBigEndian(Nf.NFTA_SET_FLAGS, Nf.NFT_SET_ANONYMOUS | Nf.NFT_SET_CONSTANT | (hasRanges ? Nf.NFT_SET_INTERVAL : 0));
        batch.AttributeBigEndian(Nf.NFTA_SET_KEY_TYPE, set.Key.Id);
        batch.AttributeBigEndian(Nf.NFTA_SET_KEY_LEN, (uint)set.Key.Length);
        batch.AttributeBigEndian(Nf.NFTA_SET_ID, id);
        using (batch.Nested(Nf.NFTA_SET_DESC, flag: true))
        {
            batch.AttributeBigEndian(Nf.NFTA_SET_DESC_SIZE, (uint)keys.Count);
        }

        NftUserData.WriteSet(batch, set, null, merges: hasRanges);
        NftMessage.Begin(batch, Nf.NFT_MSG_NEWSETELEM, NftMessage.Create, table.Family);
        batch.Attribute(Nf.NFTA_SET_ELEM_LIST_TABLE, table.Name);
        batch.Attribute(Nf.NFTA_SET_ELEM_LIST_SET, Name);
        batch.AttributeBigEndian(Nf.NFTA_SET_ELEM_LIST_SET_ID, id);
        using NetlinkBatch.Nest elements = batch.Nested(Nf.NFTA_SET_ELEM_LIST_ELEMENTS, flag: true);
        for (int i = 0; i < keys.Count; i++)
        {
            using NetlinkBatch.Nest element = batch.Nested((ushort)(i + 1), flag: true);
            if (hasRanges && i % 2 == (beginsOutside ? 0 : 1))
            {
                batch.AttributeBigEndian(Nf.NFTA_SET_ELEM_FLAGS, Nf.NFT_SET_ELEM_INTERVAL_END);
            }

            using NetlinkBatch.Nest key = batch.Nested(Nf.NFTA_SET_ELEM_KEY, flag: true);
            batch.Attribute(Nf.NFTA_DATA_VALUE, keys[i]);
        }
    }

    private List<byte[]> Singles()
    {
        List<byte[]> keys = new(Elements.Count);
        foreach (NftInterval element in Elements)
        {
            keys.Add(element.First.Bytes.ToArray());
        }

        return keys;
    }

    // The values by which "in" and "out" change, in order, beginning with "out" at 0 unless that is in.
    private List<byte[]> Bounds()
    {
        List<NftInterval> sorted = [.. Elements];
        sorted.Sort(static (a, b) => a.First.Bytes.SequenceCompareTo(b.First.Bytes));
        List<byte[]> bounds = [];
        if (sorted[0].First.Bytes.IndexOfAnyExcept((byte)0) >= 0)
        {
            bounds.Add(new byte[sorted[0].First.Bytes.Length]);
        }

        foreach (NftInterval element in sorted)
        {
            bounds.Add(element.First.Bytes.ToArray());
            bounds.Add(Next(element.Last));
        }

        return bounds;
    }

    /// <summary>The value behind one, in bytes; all 0 behind the last.</summary>
    internal static byte[] Next(NftValue value)
    {
        byte[] bytes = value.Bytes.ToArray();
        for (int i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--)
        {
        }

        return bytes;
    }
}
