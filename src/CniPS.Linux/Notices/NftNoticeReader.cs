using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Notices;

/// <summary>Reads messages of nf_tables as items: tables, chains, rules, named sets and their elements.</summary>
internal static class NftNoticeReader
{
    internal static void ReadItems(ushort type, ReadOnlySpan<byte> body, List<KernelItem> items)
    {
        if (type is < Nf.NFT_MSG_NEWTABLE or > Nf.NFT_MSG_DELSETELEM)
        {
            return;
        }

        NftFamily family = (NftFamily)NetlinkMessage.Split<nfgenmsg>(body, out NetlinkAttributes attributes).nfgen_family;
        switch (type)
        {
            case Nf.NFT_MSG_NEWTABLE or Nf.NFT_MSG_DELTABLE: items.Add(Table(family, attributes)); break;
            case Nf.NFT_MSG_NEWCHAIN or Nf.NFT_MSG_DELCHAIN: items.Add(Chain(family, attributes)); break;
            case Nf.NFT_MSG_NEWRULE or Nf.NFT_MSG_DELRULE: items.Add(Rule(family, attributes)); break;
            case Nf.NFT_MSG_NEWSET or Nf.NFT_MSG_DELSET: AddSet(family, attributes, items); break;
            case Nf.NFT_MSG_NEWSETELEM or Nf.NFT_MSG_DELSETELEM: AddElements(family, attributes, items); break;
        }
    }

    private static NftItem Table(NftFamily family, NetlinkAttributes attributes)
    {
        string name = "";
        bool dormant = false;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_TABLE_NAME: name = attributes.Text; break;
                case Nf.NFTA_TABLE_FLAGS: dormant = (attributes.BigEndian32 & Nf.NFT_TABLE_F_DORMANT) != 0; break;
            }
        }

        string subject = $"table {new NftTable(family, name)}";
        return new NftItem(subject, subject, subject + (dormant ? " (dormant)" : ""));
    }

    private static NftItem Chain(NftFamily family, NetlinkAttributes attributes)
    {
        string text = NftHook.Read(attributes) is { } hook ? $" {{ {hook} }}" : "";
        string table = "", name = "";
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_CHAIN_TABLE: table = attributes.Text; break;
                case Nf.NFTA_CHAIN_NAME: name = attributes.Text; break;
            }
        }

        string subject = $"chain {new NftTable(family, table)} {name}";
        return new NftItem(subject, subject, subject + text);
    }

    private static NftItem Rule(NftFamily family, NetlinkAttributes attributes)
    {
        NftRule rule = NftRule.Read(attributes);
        string table = "", chain = "";
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_RULE_TABLE: table = attributes.Text; break;
                case Nf.NFTA_RULE_CHAIN: chain = attributes.Text; break;
            }
        }

        NftRuleMeaning meaning = NftRuleMeaning.Of(rule, family);
        StringBuilder text = new();
        Say(text, "iifname", meaning.InputInterface);
        Say(text, "saddr", meaning.Source);
        Say(text, "daddr", meaning.Destination);
        Say(text, "dport", meaning.AskedPort);
        Say(text, "dnat to", meaning.SentTo is { } to && meaning.SentToPort is { } port ? new IPEndPoint(to, port) : meaning.SentTo);
        Say(text, "jump", meaning.JumpsTo);
        string subject = $"rule {new NftTable(family, table)} {chain}", handle = rule.Handle.ToString(CultureInfo.InvariantCulture);
        List<IPAddress> addresses = [];
        foreach (IPAddress? address in (ReadOnlySpan<IPAddress?>)[meaning.Source, meaning.Destination, meaning.SentTo])
        {
            if (address is not null)
            {
                addresses.Add(address);
            }
        }

        return new NftItem(
            $"{subject} {handle}", subject, $"{subject}{text}{NftText.Comment(rule.Comment)} # handle {handle}", rule.Comment, addresses);
    }

    // A rule's own sets ({ 80, 443 }) go with it.
    private static void AddSet(NftFamily family, NetlinkAttributes attributes, List<KernelItem> items)
    {
        string table = "", name = "";
        uint flags = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_SET_TABLE: table = attributes.Text; break;
                case Nf.NFTA_SET_NAME: name = attributes.Text; break;
                case Nf.NFTA_SET_FLAGS: flags = attributes.BigEndian32; break;
            }
        }

        if ((flags & Nf.NFT_SET_ANONYMOUS) == 0)
        {
            string subject = $"{((flags & Nf.NFT_SET_MAP) != 0 ? "map" : "set")} {new NftTable(family, table)} {name}";
            items.Add(new NftItem($"set {(byte)family} {table} {name}", subject, subject));
        }
    }

    private static void AddElements(NftFamily family, NetlinkAttributes attributes, List<KernelItem> items)
    {
        string table = "", set = "";
        NetlinkAttributes elements = default;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_SET_ELEM_LIST_TABLE: table = attributes.Text; break;
                case Nf.NFTA_SET_ELEM_LIST_SET: set = attributes.Text; break;
                case Nf.NFTA_SET_ELEM_LIST_ELEMENTS: elements = attributes.Nested; break;
            }
        }

        bool isAnonymous = set.StartsWith("__", StringComparison.Ordinal); // __set0, __map1
        while (!isAnonymous && elements.Next())
        {
            Add(elements.Nested, $"element {new NftTable(family, table)} {set}", items);
        }
    }

    private static void Add(NetlinkAttributes element, string subject, List<KernelItem> items)
    {
        ReadOnlySpan<byte> key = default;
        string? comment = null;
        uint flags = 0;
        while (element.Next())
        {
            switch (element.Type)
            {
                case Nf.NFTA_SET_ELEM_KEY when Value(element.Nested) is { Length: > 0 } value: key = value; break;
                case Nf.NFTA_SET_ELEM_FLAGS: flags = element.BigEndian32; break;
                case Nf.NFTA_SET_ELEM_USERDATA: comment = NftUserData.ReadText(element.Value, Udata.NFTNL_UDATA_SET_ELEM_COMMENT); break;
            }
        }

        if ((flags & Nf.NFT_SET_ELEM_INTERVAL_END) == 0)
        {
            IPAddress? address = key.Length is 4 or 16 ? new IPAddress(key) : null;
            string text = $"{subject} {{ {address?.ToString() ?? Convert.ToHexString(key)}{NftText.Comment(comment)} }}";
            items.Add(new NftItem($"{subject} {Convert.ToHexString(key)}", subject, text, comment, address is null ? [] : [address]));
        }
    }

    private static ReadOnlySpan<byte> Value(NetlinkAttributes data)
    {
        while (data.Next())
        {
            if (data.Type == Nf.NFTA_DATA_VALUE)
            {
                return data.Value;
            }
        }

        return default;
    }

    private static void Say(StringBuilder text, string word, object? value)
    {
        if (value is not null)
        {
            text.Append(' ').Append(word).Append(' ').Append(value);
        }
    }
}
