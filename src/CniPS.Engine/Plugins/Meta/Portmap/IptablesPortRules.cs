using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Iptables;
using CniPS.Linux.Route;

namespace CniPS.Plugins.Meta;

/// <summary>The Go plugin's chains and rules for iptables, word for word.</summary>
internal static class IptablesPortRules
{
    internal const string AllPorts = "CNI-HOSTPORT-DNAT", SetMark = "CNI-HOSTPORT-SETMARK", Masquerade = "CNI-HOSTPORT-MASQ";
    internal const string ChainPrefix = "CNI-DN-";

    private const int ChainLength = 28;
    private const int PortsPerRule = 15; // -m multiport

    /// <summary>The chain of a container on a network.</summary>
    internal static string ChainOf(string network, string containerId, string prefix = ChainPrefix) =>
        prefix + Sha512.Hex(network + containerId, ChainLength / 2)[..(ChainLength - prefix.Length)];

    /// <summary>What all containers share: chains, with their rules.</summary>
    internal static IEnumerable<(string Chain, IptablesRule? Rule, bool First)> Shared(PortmapConfiguration configuration)
    {
        if (configuration is { Snat: true, ExternalSetMarkChain: null })
        {
            string mark = string.Create(CultureInfo.InvariantCulture, $"0x{1u << configuration.MarkBit:x}/0x{1u << configuration.MarkBit:x}");
            yield return (SetMark, null, false);
            yield return (SetMark, new("-m", "comment", "--comment", "CNI portfwd masquerade mark", "-j", "MARK", "--set-xmark", mark), false);
            yield return (Masquerade, null, false);
            yield return (Masquerade, new("-m", "mark", "--mark", mark, "-j", "MASQUERADE"), false);
            // Before the rules of bridge and ptp, which let a subnet's own traffic go as it is.
            yield return ("POSTROUTING", s_enterMasquerade, true);
        }

        yield return (AllPorts, null, false);
        foreach ((string chain, IptablesRule rule) in EnterAllPorts)
        {
            yield return (chain, rule, false);
        }
    }

    internal static IReadOnlyList<(string Chain, IptablesRule Rule)> EnterAllPorts { get; } =
    [
        ("PREROUTING", new("-m", "addrtype", "--dst-type", "LOCAL", "-j", AllPorts)),
        ("OUTPUT", new("-m", "addrtype", "--dst-type", "LOCAL", "-j", AllPorts)),
    ];

    internal static (string Chain, IptablesRule Rule) EnterMasquerade => ("POSTROUTING", s_enterMasquerade);

    private static readonly IptablesRule s_enterMasquerade =
        new("-m", "comment", "--comment", "CNI portfwd requiring masquerade", "-j", Masquerade);

    /// <summary>The rules that lead to a container's chain: one for each protocol and fifteen ports.</summary>
    internal static IEnumerable<IptablesRule> Entries(PortmapConfiguration configuration, string network, string containerId, bool v6)
    {
        SortedDictionary<string, List<string>> ports = new(StringComparer.Ordinal);
        foreach (PortMapping mapping in configuration.Mappings)
        {
            if (!ports.TryGetValue(mapping.ProtocolWord, out List<string>? some))
            {
                ports[mapping.ProtocolWord] = some = [];
            }

            some.Add(mapping.HostPort.ToString(CultureInfo.InvariantCulture));
        }

        string comment = CommentOf(network, containerId), chain = ChainOf(network, containerId);
        foreach ((string protocol, List<string> all) in ports)
        {
            for (int i = 0; i < all.Count; i += PortsPerRule)
            {
                string some = string.Join(',', all.GetRange(i, Math.Min(PortsPerRule, all.Count - i)));
                yield return new(
                [
                    "-m", "comment", "--comment", comment, "-m", "multiport", "-p", protocol, "--dports", some,
                    .. v6 ? configuration.Words6 : configuration.Words4, "-j", chain,
                ]);
            }
        }
    }

    /// <summary>The rules of a container's chain: what is to be masqueraded is marked, then everything is sent on.</summary>
    internal static IEnumerable<IptablesRule> Rules(PortmapConfiguration configuration, IpPrefix address, IReadOnlyList<ForwardedPort> ports)
    {
        string setMark = configuration.ExternalSetMarkChain ?? SetMark;
        foreach (ForwardedPort port in ports)
        {
            string[] match = [.. Match(port)];
            if (configuration.Snat)
            {
                string from = !configuration.MasqueradeAll ? address.Network.ToString() : address.IsV6 ? "::/0" : "0.0.0.0/0";
                yield return new([.. match, "-s", from, "-j", setMark]);
                if (!address.IsV6 && !configuration.MasqueradeAll)
                {
                    yield return new([.. match, "-s", "127.0.0.1", "-j", setMark]);
                }
            }

            yield return new([.. match, "-j", "DNAT", "--to-destination", new IPEndPoint(address.Address, port.Port).ToString()]);
        }
    }

    /// <summary>Whether a rule of another container's chain sends this port on, or the port of one address of the host that it is a part of.</summary>
    internal static bool Takes(IptablesRule rule, ForwardedPort port) =>
        rule.Target == "DNAT" && rule.ValueOf("-p") == PortMapping.Word(port.Protocol)
        && rule.ValueOf("--dport") == port.HostPort.ToString(CultureInfo.InvariantCulture)
        && (HostOf(rule) is not { } host || port.HostAddress is not { } address || host == address.ToString());

    private static string? HostOf(IptablesRule rule) => rule.ValueOf("-d")?.Split('/')[0];

    private static IEnumerable<string> Match(ForwardedPort port)
    {
        yield return "-p";
        yield return PortMapping.Word(port.Protocol);
        yield return "--dport";
        yield return port.HostPort.ToString(CultureInfo.InvariantCulture);
        if (port.HostAddress is { } host)
        {
            yield return "-d";
            yield return host.ToString();
        }
    }

    private static string CommentOf(string network, string containerId)
    {
        string comment = Beginning(network) + containerId + '"';
        return comment.Length <= IptablesRule.LongestComment ? comment : comment[..(IptablesRule.LongestComment - 3)] + "...";
    }

    /// <summary>What an entry and a rule that it leads to say of whom they serve; null where that is not to be read from them.</summary>
    internal static AttachmentClaim? ClaimOf(IptablesRule entry, IptablesRule rule)
    {
        const string begin = "dnat name: \"", end = "\" id: \"";
        return entry.Comment is { } comment && comment.StartsWith(begin, StringComparison.Ordinal) && comment.EndsWith('"')
            && comment.IndexOf(end, StringComparison.Ordinal) is > 0 and var at
            && rule.ValueOf("--to-destination") is { } destination && IPEndPoint.TryParse(destination, out IPEndPoint? to)
                ? new AttachmentClaim(comment[begin.Length..at]) { ContainerId = comment[(at + end.Length)..^1], Addresses = [to.Address] }
                : null;
    }

    /// <summary>Whether an entry leads to a container's chain, on whichever network: its comment names the network, from which the chain has its name.</summary>
    internal static bool LeadsTo(IptablesRule entry, string containerId)
    {
        const string begin = "dnat name: \"", end = "\" id: \"";
        return entry.Comment is { } comment && comment.StartsWith(begin, StringComparison.Ordinal)
            && comment.IndexOf(end, StringComparison.Ordinal) is > 0 and var at
            && entry.Target == ChainOf(comment[begin.Length..at], containerId);
    }

    private static string Beginning(string network) => $"dnat name: \"{network}\" id: \"";

    /// <summary>The container that an entry's comment names, if it is one of this network; a comment that was cut names none.</summary>
    internal static string? ContainerOf(string? comment, string network)
    {
        string begin = Beginning(network);
        return comment is not null && comment.StartsWith(begin, StringComparison.Ordinal) && comment.EndsWith('"') && comment.Length > begin.Length
            ? comment[begin.Length..^1]
            : null;
    }
}
