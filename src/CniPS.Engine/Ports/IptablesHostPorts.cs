using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Route;
using CniPS.Plugins;

namespace CniPS.Ports;

/// <summary>
/// Ports in iptables: any rule that sends on what comes to a port, whoever made it. The plugin portmap has a chain for each container, and netavark
/// one for each network; both name the container in the comment of the rule that leads there, netavark in one for each port.
/// </summary>
internal static class IptablesHostPorts
{
    private const string Portmap = "CNI-", Netavark = "NETAVARK-";

    internal static List<HostPort> Of(IHost host, Action<string> warn)
    {
        List<HostPort> ports = [];
        IIptablesView view = host.Iptables(host.Namespace);
        foreach (IptablesTable table in (IptablesTable[])[new(false, "nat"), new(true, "nat")])
        {
            if (!view.IsAvailable(table.IsV6) || !view.MayHave(table))
            {
                continue;
            }

            try
            {
                IptablesContent content = view.Read(table);
                foreach (string chain in content.Chains)
                {
                    ports.AddRange(content.RulesOf(chain).SelectMany(rule => Read(content, chain, rule)));
                }
            }
            catch (IptablesException e)
            {
                warn($"Ports by {table} are not shown: {e.Message}");
            }
        }

        return ports;
    }

    private static IEnumerable<HostPort> Read(IptablesContent content, string chain, IptablesRule rule)
    {
        if (rule.Target != "DNAT" || Range(rule.ValueOf("--dport"), ':') is not { } from || TargetOf(rule.ValueOf("--to-destination")) is not { } to)
        {
            yield break;
        }

        (string? network, string? container) = Owner(CommentFor(content, chain, rule));
        for (int i = 0; i <= from.Last - from.First; i++)
        {
            yield return new HostPort(
                PortWords.ProtocolOf(rule.ValueOf("-p")),
                (ushort)(from.First + i),
                HostOf(rule.ValueOf("-d")),
                new IPEndPoint(to.Address, to.Port == 0 ? from.First + i : to.Port + (to.IsRange ? i : 0)))
            {
                Maker = chain.StartsWith(Portmap, StringComparison.Ordinal) ? PortMaker.Portmap
                    : chain.StartsWith(Netavark, StringComparison.Ordinal) ? PortMaker.Netavark
                    : PortMaker.Other,
                Backend = RuleBackend.Iptables,
                IsServed = IsReached(content, chain, 0),
                Network = network,
                ContainerId = container,
            };
        }
    }

    // From PREROUTING, by however many jumps.
    private static bool IsReached(IptablesContent content, string chain, int jumps) => chain == "PREROUTING"
        || (jumps < 8 && content.Chains.Any(other => content.RulesOf(other).Any(rule => rule.Target == chain) && IsReached(content, other, jumps + 1)));

    // Where several containers share a chain, that of the rule which leads there with this port; where several do, or none, nobody's.
    private static string? CommentFor(IptablesContent content, string chain, IptablesRule rule)
    {
        IptablesRule[] entries = [.. content.Chains.SelectMany(content.RulesOf).Where(other => other.Target == chain)];
        return Only(entries) ?? Only(entries.Where(entry => entry.ValueOf("--dport") == rule.ValueOf("--dport") && entry.ValueOf("-p") == rule.ValueOf("-p")));

        static string? Only(IEnumerable<IptablesRule> rules) => rules.Select(entry => entry.Comment).Distinct().Take(2).ToArray() is [{ } comment] ? comment : null;
    }

    // portmap: dnat name: "mynet" id: "blue"; netavark: dnat name: podman id: 2d0e…. What was cut for its length ends in three dots.
    private static (string? Network, string? Container) Owner(string? comment)
    {
        const string begin = "dnat name: ", end = " id: ";
        int at = comment?.StartsWith(begin, StringComparison.Ordinal) == true ? comment.IndexOf(end, StringComparison.Ordinal) : -1;
        return at < 0 ? (null, null)
            : (comment![begin.Length..at].Trim('"'), comment.EndsWith("...", StringComparison.Ordinal) ? null : comment[(at + end.Length)..].Trim('"'));
    }

    private static IPAddress? HostOf(string? text) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) && prefix == IpPrefix.Host(prefix.Address) ? prefix.Address
        : IpText.TryParse(text, out IPAddress? address) ? address : null;

    // 8080, 5353:5354; in a target 80, 53-54.
    private static (ushort First, ushort Last)? Range(string? text, char between)
    {
        string[] ends = text?.Split(between) ?? [];
        return ends.Length is 1 or 2 && ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            && ushort.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort last) && first <= last ? (first, last) : null;
    }

    // 10.88.0.2:80, [fd00::2]:80, 10.88.0.2:53-54/5353, 10.88.0.2.
    private static (IPAddress Address, int Port, bool IsRange)? TargetOf(string? text)
    {
        text = text?.Split('/')[0] ?? "";
        if (IpText.TryParse(text.Trim('[', ']'), out IPAddress? alone))
        {
            return (alone, 0, false);
        }

        int colon = text.LastIndexOf(':');
        return colon > 0 && IpText.TryParse(text[..colon].Trim('[', ']'), out IPAddress? address) && Range(text[(colon + 1)..], '-') is { } ports
            ? (address, ports.First, ports.Last > ports.First)
            : null;
    }
}
