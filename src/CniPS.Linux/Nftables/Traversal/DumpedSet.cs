using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>A set or map as it is there, with raw keys: whatever its type, a packet can be looked up in it.</summary>
internal sealed class DumpedSet
{
    private readonly List<Element> _elements = [];
    private readonly List<int> _fields = [];
    private bool _isSorted;

    internal string Table { get; private set; } = "";

    internal byte Family { get; private init; }

    internal string Name { get; private set; } = "";

    internal int KeyLength { get; private set; }

    private uint Flags { get; set; }

    internal static DumpedSet Read(byte family, NetlinkAttributes attributes)
    {
        DumpedSet set = new() { Family = family };
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_SET_TABLE: set.Table = attributes.Text; break;
                case Nf.NFTA_SET_NAME: set.Name = attributes.Text; break;
                case Nf.NFTA_SET_FLAGS: set.Flags = attributes.BigEndian32; break;
                case Nf.NFTA_SET_KEY_LEN: set.KeyLength = (int)attributes.BigEndian32; break;
                case Nf.NFTA_SET_DESC: set.ReadFields(attributes.Nested); break;
            }
        }

        return set;
    }

    internal void Add(NetlinkAttributes message)
    {
        while (message.Next())
        {
            NetlinkAttributes elements = message.Nested;
            while (message.Type == Nf.NFTA_SET_ELEM_LIST_ELEMENTS && elements.Next())
            {
                _elements.Add(Element.Read(elements.Nested));
            }
        }
    }

    /// <summary>What is in it by a key; null for nothing.</summary>
    internal Element? Find(ReadOnlySpan<byte> key)
    {
        Element? found = (Flags & Nf.NFT_SET_INTERVAL) == 0 ? FindSame(key) : (Flags & NfExpr.NFT_SET_CONCAT) != 0 ? FindAround(key) : FindInterval(key);
        return found ?? _elements.Find(static element => (element.Flags & NfExpr.NFT_SET_ELEM_CATCHALL) != 0);
    }

    private Element? FindSame(ReadOnlySpan<byte> key)
    {
        foreach (Element element in _elements)
        {
            if (key.SequenceEqual(element.Key))
            {
                return element;
            }
        }

        return null;
    }

    // Each end of an interval is an element: that which is next below says whether the key is inside.
    private Element? FindInterval(ReadOnlySpan<byte> key)
    {
        if (!_isSorted)
        {
            _elements.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key) is var order and not 0 ? order : b.IsEnd.CompareTo(a.IsEnd));
            _isSorted = true;
        }

        Element? below = null;
        foreach (Element element in _elements)
        {
            if (element.Key.Length == key.Length && key.SequenceCompareTo(element.Key) >= 0)
            {
                below = element;
            }
        }

        return below is { IsEnd: false } ? below : null;
    }

    private Element? FindAround(ReadOnlySpan<byte> key)
    {
        foreach (Element element in _elements)
        {
            bool inside = element.Key.Length == key.Length;
            int at = 0;
            foreach (int length in _fields)
            {
                inside = inside && at + length <= key.Length && key.Slice(at, length).SequenceCompareTo(element.Key.AsSpan(at, length)) >= 0
                    && key.Slice(at, length).SequenceCompareTo((element.KeyEnd ?? element.Key).AsSpan(at, length)) <= 0;
                at += (length + 3) & ~3;
            }

            if (inside)
            {
                return element;
            }
        }

        return null;
    }

    private void ReadFields(NetlinkAttributes description)
    {
        while (description.Next())
        {
            NetlinkAttributes fields = description.Nested;
            while (description.Type == NfExpr.NFTA_SET_DESC_CONCAT && fields.Next())
            {
                NetlinkAttributes field = fields.Nested;
                while (field.Next())
                {
                    _fields.Add((int)field.BigEndian32);
                }
            }
        }
    }

    /// <summary>An element.</summary>
    internal sealed record Element(byte[] Key, byte[]? KeyEnd, uint Flags, byte[] Value, NftVerdict? Verdict)
    {
        internal bool IsEnd => (Flags & Nf.NFT_SET_ELEM_INTERVAL_END) != 0;

        internal static Element Read(NetlinkAttributes element)
        {
            byte[] key = [], value = [];
            byte[]? end = null;
            uint flags = 0;
            NftVerdict? verdict = null;
            while (element.Next())
            {
                switch (element.Type)
                {
                    case Nf.NFTA_SET_ELEM_KEY: key = ValueOf(element.Nested, out _); break;
                    case NfExpr.NFTA_SET_ELEM_KEY_END: end = ValueOf(element.Nested, out _); break;
                    case Nf.NFTA_SET_ELEM_FLAGS: flags = element.BigEndian32; break;
                    case Nf.NFTA_SET_ELEM_DATA: value = ValueOf(element.Nested, out verdict); break;
                }
            }

            return new Element(key, end, flags, value, verdict);
        }

        private static byte[] ValueOf(NetlinkAttributes data, out NftVerdict? verdict)
        {
            verdict = null;
            byte[] value = [];
            while (data.Next())
            {
                switch (data.Type)
                {
                    case Nf.NFTA_DATA_VALUE: value = data.Value.ToArray(); break;
                    case Nf.NFTA_DATA_VERDICT: verdict = NftVerdict.Read(data.Nested); break;
                }
            }

            return value;
        }
    }
}
