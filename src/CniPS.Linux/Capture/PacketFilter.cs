using System;
using System.Collections.Generic;
using System.Globalization;
using CniPS.Linux.Interop;
using CniPS.Linux.Route;

namespace CniPS.Linux.Capture;

/// <summary>
/// Which packets are wanted, in tcpdump's words (pcap-filter(7)), as far as addresses, ports and protocols go: <c>tcp port 80 and host 10.1.0.2 or arp</c>.
/// The kernel asks it, so that only what is wanted is copied.
/// </summary>
/// <remarks>
/// Terms: <c>[src|dst] host ADDRESS</c>, <c>[src|dst] net SUBNET</c>, <c>[src|dst] port NUMBER</c>, <c>[src|dst] portrange FIRST-LAST</c>, <c>ip</c>, <c>ip6</c>,
/// <c>arp</c>, <c>tcp</c>, <c>udp</c>, <c>sctp</c>, <c>icmp</c>, <c>icmp6</c>; a bare address is a host. <c>not</c> stands before a term; <c>and</c>, which may be
/// left out, binds more than <c>or</c>; there are no brackets.
/// </remarks>
public sealed class PacketFilter
{
    private readonly string _text;

    private PacketFilter(string text, sock_filter[] code)
    {
        _text = text;
        Code = code;
    }

    /// <summary>The program (classic BPF) for SO_ATTACH_FILTER.</summary>
    internal sock_filter[] Code { get; }

    /// <summary>Reads a filter.</summary>
    /// <param name="text">The filter.</param>
    /// <exception cref="FormatException">It is none; the message says which word.</exception>
    public static PacketFilter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<List<FilterTerm>> alternatives = [[]];
        Queue<string> words = new(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        while (words.TryDequeue(out string? word))
        {
            switch (word)
            {
                case "or" or "||": alternatives.Add(alternatives[^1].Count > 0 ? [] : throw Wrong(text, "before \"or\" there is nothing")); break;
                case "and" or "&&" when alternatives[^1].Count > 0 && words.Count > 0: break;
                default: alternatives[^1].Add(Term(text, word, words)); break;
            }
        }

        if (alternatives[^1].Count == 0)
        {
            throw Wrong(text, "something is missing at the end");
        }

        return new PacketFilter(text, FilterProgram.Compile(alternatives));
    }

    /// <summary>The filter as it was written.</summary>
    public override string ToString() => _text;

    private static FilterTerm Term(string text, string word, Queue<string> words)
    {
        bool not = false;
        for (; word is "not" or "!"; word = Next(text, word, words))
        {
            not = !not;
        }

        FilterEnds ends = word switch { "src" => FilterEnds.Source, "dst" => FilterEnds.Destination, _ => FilterEnds.Either };
        if (ends != FilterEnds.Either)
        {
            word = Next(text, word, words);
        }

        FilterTerm term = word switch
        {
            "host" or "net" => Subnet(text, Next(text, word, words), ends),
            "port" or "portrange" => Ports(text, Next(text, word, words), ends),
            _ when ends == FilterEnds.Either && FilterTerm.Protocol(word) is { } protocol => protocol,
            _ => Subnet(text, word, ends),
        };
        return term with { Not = not };
    }

    private static FilterTerm Subnet(string text, string word, FilterEnds ends) =>
        IpPrefix.TryParse(word, out IpPrefix subnet) ? new FilterTerm { Subnet = subnet, Ends = ends }
        : IpText.TryParse(word, out System.Net.IPAddress? address) ? new FilterTerm { Subnet = new IpPrefix(address, IpText.Bits(address.AddressFamily)), Ends = ends }
        : throw Wrong(text, $"{word} is neither an address nor a word that is known");

    private static FilterTerm Ports(string text, string word, FilterEnds ends)
    {
        string[] both = word.Split('-');
        return both.Length <= 2 && ushort.TryParse(both[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            && ushort.TryParse(both[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort last) && first <= last
            ? new FilterTerm { Ports = (first, last), Ends = ends }
            : throw Wrong(text, $"{word} is no port");
    }

    private static string Next(string text, string word, Queue<string> words) =>
        words.TryDequeue(out string? next) ? next : throw Wrong(text, $"behind \"{word}\" something is missing");

    private static FormatException Wrong(string text, string why) => new($"the filter \"{text}\" can't be read: {why}");
}

/// <summary>Which end of a packet's way a term asks for.</summary>
internal enum FilterEnds
{
    Either,
    Source,
    Destination,
}

/// <summary>One thing that a filter asks.</summary>
internal sealed record FilterTerm
{
    internal bool Not { get; init; }

    internal FilterEnds Ends { get; init; }

    /// <summary>Of addresses: where they lie.</summary>
    internal IpPrefix? Subnet { get; init; }

    /// <summary>Of ports: the first and the last.</summary>
    internal (ushort First, ushort Last)? Ports { get; init; }

    /// <summary>Of protocols: Ethernet's type; 0 for IP of either version.</summary>
    internal ushort EtherType { get; init; }

    /// <summary>Of protocols above IP: the number; 0 for any.</summary>
    internal byte Above { get; init; }

    /// <summary>The term of a protocol's word; null where it is none.</summary>
    internal static FilterTerm? Protocol(string word) => word switch
    {
        "ip" => new FilterTerm { EtherType = Packet.ETH_P_IP },
        "ip6" => new FilterTerm { EtherType = Packet.ETH_P_IPV6 },
        "arp" => new FilterTerm { EtherType = Packet.ETH_P_ARP },
        "tcp" => new FilterTerm { Above = Nf.IPPROTO_TCP },
        "udp" => new FilterTerm { Above = Nf.IPPROTO_UDP },
        "sctp" => new FilterTerm { Above = Nf.IPPROTO_SCTP },
        "icmp" => new FilterTerm { EtherType = Packet.ETH_P_IP, Above = Nf.IPPROTO_ICMP },
        "icmp6" => new FilterTerm { EtherType = Packet.ETH_P_IPV6, Above = Nf.IPPROTO_ICMPV6 },
        _ => null,
    };
}
