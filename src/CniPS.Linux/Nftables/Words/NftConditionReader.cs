using System;
using System.Collections.Generic;
using CniPS.Linux.Route;

namespace CniPS.Linux.Nftables;

/// <summary>
/// Reads the conditions that are in use, one by one: addresses, ports, protocols, names of interfaces, marks and the state of the connection, with
/// <c>==</c> or <c>!=</c>, single values, subnets, ranges and sets of them. What is not certain to be what nft would make of it is not read.
/// </summary>
internal sealed class NftConditionReader
{
    private readonly Queue<string> _words;
    private readonly bool _v6;

    // The protocol above IP that has been asked for; AskedOtherwise once that was done in a way that ports can't build on.
    private int _transport;

    private const int AskedOtherwise = -1;

    internal NftConditionReader(IReadOnlyList<string> words, bool v6)
    {
        _words = new Queue<string>(words);
        _v6 = v6;
    }

    internal bool AtEnd => _words.Count == 0;

    /// <summary>Reads a condition; null for one that is not known here.</summary>
    internal NftStatement? Next()
    {
        string what = _words.Dequeue();
        if (what is "ip" or "ip6" or "meta" or "ct" or "tcp" or "udp" or "sctp" or "th" && _words.TryDequeue(out string? detail))
        {
            what += " " + detail;
        }

        bool not = _words.TryPeek(out string? sign) && sign == "!=";
        if (not || sign == "==")
        {
            _words.Dequeue();
        }

        if (Value() is not { } value)
        {
            return null;
        }

        return what == "ct state" ? State(value, not)
            : Field(what) is { } field && Reads(field, not, value) ? Match(field, value, not)
            : null;
    }

    private NftField? Field(string words) => words switch
    {
        "ip saddr" when !_v6 => NftField.IpSaddr,
        "ip daddr" when !_v6 => NftField.IpDaddr,
        "ip6 saddr" when _v6 => NftField.Ip6Saddr,
        "ip6 daddr" when _v6 => NftField.Ip6Daddr,
        "meta l4proto" => NftField.L4Proto,
        "th sport" => NftField.ThSport,
        "th dport" => NftField.ThDport,
        "tcp sport" => NftField.TcpSport,
        "tcp dport" => NftField.TcpDport,
        "udp sport" => NftField.UdpSport,
        "udp dport" => NftField.UdpDport,
        "sctp sport" => NftField.SctpSport,
        "sctp dport" => NftField.SctpDport,
        "iifname" or "meta iifname" => NftField.Iifname,
        "oifname" or "meta oifname" => NftField.Oifname,
        "meta mark" => NftField.Mark,
        _ => null,
    };

    // Two protocols exclude each other, which nft says in its own words.
    private bool Reads(NftField field, bool not, string value)
    {
        if (field == NftField.L4Proto)
        {
            bool isFirst = _transport == 0;
            _transport = !not && NftScalars.Protocol(value) is { } protocol ? protocol.Bytes[0] : AskedOtherwise;
            return isFirst;
        }

        int needed = NftFieldInfo.Of(field).Transport;
        if (needed == 0)
        {
            return true;
        }

        bool fits = _transport == 0 || _transport == needed;
        _transport = needed;
        return fits;
    }

    // The next word; of a set, all its words as one, from brace to brace.
    private string? Value()
    {
        if (!_words.TryDequeue(out string? value) || value[0] != '{')
        {
            return value;
        }

        while (value[^1] != '}')
        {
            if (!_words.TryDequeue(out string? more))
            {
                return null;
            }

            value += more;
        }

        return value;
    }

    private static NftStatement? Match(NftField field, string value, bool not)
    {
        if (value[0] == '{')
        {
            return Elements(field, value[1..^1].Split(',')) is { } elements ? new NftOwnSetMatch(field, elements, not) : null;
        }

        if (NftScalars.IsAddress(field) && IpPrefix.TryParse(value, out IpPrefix subnet))
        {
            return subnet.IsV6 == NftScalars.IsAddress6(field) ? new NftSubnetMatch(field, subnet, not) : null;
        }

        return Interval(field, value) switch
        {
            null => null,
            { IsSingle: true } one => NftScalars.IsAddress(field) ? new NftSubnetMatch(field, IpPrefix.Host(one.First.Address!), not) : new NftMatch(field, one.First, not),
            { } range => new NftRangeMatch(field, range, not),
        };
    }

    private static List<NftInterval>? Elements(NftField field, string[] values)
    {
        List<NftInterval> elements = [];
        bool hasRanges = false;
        foreach (string value in values)
        {
            if ((NftScalars.Subnet(field, value) ?? Interval(field, value)) is not { } element)
            {
                return null;
            }

            elements.Add(element);
            hasRanges |= !element.IsSingle;
        }

        // nft makes something else of a single one, and of those that touch.
        return elements.Count > 1 && (hasRanges ? AreApart(elements) : new HashSet<NftInterval>(elements).Count == elements.Count) ? elements : null;
    }

    private static bool AreApart(List<NftInterval> elements)
    {
        List<NftInterval> sorted = [.. elements];
        sorted.Sort((a, b) => a.First.Bytes.SequenceCompareTo(b.First.Bytes));
        for (int i = 0; i < sorted.Count; i++)
        {
            byte[] next = NftOwnSetMatch.Next(sorted[i].Last);
            bool isLast = next.AsSpan().IndexOfAnyExcept((byte)0) < 0;
            if (isLast || (i + 1 < sorted.Count && sorted[i + 1].First.Bytes.SequenceCompareTo(next) <= 0))
            {
                return false;
            }
        }

        return true;
    }

    // A value, or two with a hyphen between them.
    private static NftInterval? Interval(NftField field, string value)
    {
        if (NftScalars.Read(field, value) is { } one)
        {
            return new NftInterval(one, one);
        }

        int hyphen = value.IndexOf('-', StringComparison.Ordinal);
        return hyphen > 0 && (NftScalars.IsAddress(field) || NftScalars.IsPort(field))
            && NftScalars.Read(field, value[..hyphen]) is { } first && NftScalars.Read(field, value[(hyphen + 1)..]) is { } last
            && first.Bytes.SequenceCompareTo(last.Bytes) < 0
            ? new NftInterval(first, last)
            : null;
    }

    private static NftStateMatch? State(string value, bool not)
    {
        NftConnectionStates states = 0;
        foreach (string word in value.Split(','))
        {
            if (NftStateMatch.Find(word) is not { } state)
            {
                return null;
            }

            states |= state;
        }

        return new NftStateMatch(states, not);
    }
}
