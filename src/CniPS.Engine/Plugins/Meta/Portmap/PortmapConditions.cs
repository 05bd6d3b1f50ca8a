using System;
using System.Collections.Generic;
using System.Globalization;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Spec;

namespace CniPS.Plugins.Meta;

/// <summary>
/// nftables' conditions, read natively: <c>ip saddr</c>, <c>ip daddr</c> (and <c>ip6</c>) with an address or a subnet, <c>iifname</c> with a name,
/// <c>meta mark</c> with a number, each with or without <c>!=</c>. Others are refused: what they say must not be passed over.
/// </summary>
internal static class PortmapConditions
{
    internal static IReadOnlyList<NftStatement> Parse(PluginConfigReader root, string key, bool v6)
    {
        string text = string.Join(' ', root.GetStrings(key));
        Queue<string> words = new(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        List<NftStatement> conditions = [];
        while (words.Count > 0)
        {
            conditions.Add(Next(words, v6) ?? throw Unsupported(root, key, text));
        }

        return conditions;
    }

    private static NftStatement? Next(Queue<string> words, bool v6)
    {
        string what = words.Dequeue();
        if (what is "ip" or "ip6" or "meta" && words.TryDequeue(out string? detail))
        {
            what += " " + detail;
        }

        bool not = words.TryPeek(out string? mark) && mark == "!=";
        if (not || mark == "==")
        {
            words.Dequeue();
        }

        if (!words.TryDequeue(out string? value))
        {
            return null;
        }

        return what switch
        {
            "ip saddr" or "ip6 saddr" => Subnet(what, value, v6) is { } subnet ? NftSubnetMatch.Source(subnet, not) : null,
            "ip daddr" or "ip6 daddr" => Subnet(what, value, v6) is { } subnet ? NftSubnetMatch.Destination(subnet, not) : null,
            "iifname" or "meta iifname" when value.Trim('"') is { Length: > 0 and < 16 } name && !name.Contains('*') =>
                new NftMatch(NftField.Iifname, NftValue.InterfaceName(name), not),
            "meta mark" when Number(value) is { } number => new NftMatch(NftField.Mark, NftValue.Mark(number), not),
            _ => null,
        };
    }

    // Of the key's own family: an IPv6 condition would let no IPv4 packet through.
    private static IpPrefix? Subnet(string what, string value, bool v6)
    {
        IpPrefix? prefix = IpText.TryParse(value, out System.Net.IPAddress? host) ? IpPrefix.Host(host)
            : IpPrefix.TryParse(value, out IpPrefix parsed) ? parsed
            : null;
        return prefix is { } found && found.IsV6 == v6 && what.StartsWith("ip6", StringComparison.Ordinal) == v6 ? found : null;
    }

    private static uint? Number(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint hex) ? hex : null
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;

    private static CniException Unsupported(PluginConfigReader root, string key, string text)
    {
        CniException error = root.Error(key, $"condition \"{text}\" is not supported by the native portmap");
        return new CniException(CniErrorIds.UnsupportedField, CniErrorCode.UnsupportedField, error.Msg)
        {
            Position = error.Position,
            PluginType = "portmap",
            Target = key,
            RecommendedAction = "Use ip saddr, ip daddr (ip6 for conditionsV6), iifname and meta mark, each with one value; or the backend iptables; or -PluginSource Path.",
        };
    }
}
