using System;
using System.Globalization;
using System.Linq;
using System.Net;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;

namespace CniPS.Linux.Iptables;

/// <summary>Whether a packet is what a rule of iptables asks for, in the words that iptables-save prints.</summary>
internal static class IptablesCondition
{
    /// <summary>Null where the rule asks for something that is not known here.</summary>
    internal static bool? Fits(IptablesRule rule, FilteredPacket packet)
    {
        bool isCertain = true, not = false;
        for (int i = 0; i < rule.Words.Count; i++)
        {
            string word = rule.Words[i];
            if (word == "!")
            {
                not = true;
                continue;
            }

            if (word is "-j" or "-g")
            {
                break; // what follows is the target's
            }

            if (word == "--tcp-flags")
            {
                // SYN and its answer: which flags are looked at, and which of them are to be set.
                bool? flags = packet.Protocol == 6 && i + 2 < rule.Words.Count ? Flags(rule.Words[i + 1], rule.Words[i + 2], packet) : false;
                i += 2;
                if (flags == not)
                {
                    return false;
                }

                not = false;
                continue;
            }

            bool? one = word is "-m" or "--comment" or "--limit" or "--limit-burst" ? true : Ask(word, i + 1 < rule.Words.Count ? rule.Words[i + 1] : "", packet);
            i++;
            if (one is { } known && known == (not && word is not ("-m" or "--comment")))
            {
                return false;
            }

            isCertain &= one is not null;
            not = false;
        }

        return isCertain ? true : null;
    }

    private static bool? Ask(string option, string value, FilteredPacket packet) => option switch
    {
        "-s" => Contains(value, packet.Source),
        "-d" => Contains(value, packet.Destination),
        "-i" => IsLink(value, packet.Input),
        "-o" => IsLink(value, packet.Output),
        "-p" => value == "all" || RuleWords.Protocol(packet.Protocol) == value || packet.Protocol.ToString(CultureInfo.InvariantCulture) == value,
        "--dport" or "--dports" => Ports(value, packet.DestinationPort),
        "--sport" or "--sports" => Ports(value, packet.SourcePort),
        "--ctstate" or "--state" => States(value, packet),
        "--dst-type" => value == "LOCAL" ? packet.TypeOf(packet.Destination) == RouteType.Local : null,
        "--src-type" => value == "LOCAL" ? packet.TypeOf(packet.Source) == RouteType.Local : null,
        "--src-range" => Within(value, packet.Source),
        "--dst-range" => Within(value, packet.Destination),
        "--icmp-type" or "--icmpv6-type" => value.Split('/')[0] == packet.IcmpType.ToString(CultureInfo.InvariantCulture),
        "--mark" => Mark(value, packet.Mark),
        _ => null,
    };

    private static bool? Contains(string value, IPAddress address) =>
        IpPrefix.TryParse(value.Contains('/') ? value : value + (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "/32" : "/128"), out IpPrefix prefix)
            ? prefix.Contains(address)
            : null;

    private static bool Flags(string looked, string wanted, FilteredPacket packet)
    {
        string[] set = packet.IsReply ? ["SYN", "ACK"] : ["SYN"];
        return set.Where(flag => looked == "ALL" || looked.Split(',').Contains(flag)).ToHashSet().SetEquals(wanted == "NONE" ? [] : wanted.Split(','));
    }

    private static bool? Within(string value, IPAddress address) =>
        value.Split('-') is [var first, var last] && IPAddress.TryParse(first, out IPAddress? from) && IPAddress.TryParse(last, out IPAddress? to) && from.AddressFamily == address.AddressFamily
            ? address.GetAddressBytes().AsSpan().SequenceCompareTo(from.GetAddressBytes()) >= 0 && address.GetAddressBytes().AsSpan().SequenceCompareTo(to.GetAddressBytes()) <= 0
            : null;

    private static bool IsLink(string value, Link? link) =>
        value.EndsWith('+') ? link?.Name.StartsWith(value[..^1], StringComparison.Ordinal) == true : link?.Name == value;

    private static bool? Ports(string value, ushort port)
    {
        foreach (string part in value.Split(','))
        {
            string[] ends = part.Split(':');
            if (!ushort.TryParse(ends[0], out ushort first) || !ushort.TryParse(ends[^1], out ushort last))
            {
                return null;
            }

            if (port >= first && port <= last)
            {
                return true;
            }
        }

        return false;
    }

    private static bool? States(string value, FilteredPacket packet) => value.Split(',').Any(word => word switch
    {
        "DNAT" => packet.IsDestinationTranslated,
        "SNAT" => packet.IsSourceTranslated,
        _ => NftStateMatch.Find(word.ToLowerInvariant()) == packet.State,
    });

    private static bool? Mark(string value, uint mark)
    {
        string[] parts = value.Split('/');
        return Number(parts[0]) is { } wanted && (parts.Length == 1 ? uint.MaxValue : Number(parts[1])) is { } mask ? (mark & mask) == wanted : null;
    }

    internal static uint? Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint hex) ? hex : null
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;
}
