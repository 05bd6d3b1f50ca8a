using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Iptables;

namespace CniPS.Plugins.Meta;

/// <summary>A rule's place: before all others of its chain, or behind them. Without a rule: the chain itself.</summary>
internal readonly record struct PlacedRule(string Chain, IptablesRule? Rule, bool First = false);

/// <summary>The Go plugin's chains and rules for iptables, word for word.</summary>
internal static class IptablesFirewallRules
{
    internal const string Forward = "CNI-FORWARD", Stage1 = "CNI-ISOLATION-STAGE-1", Stage2 = "CNI-ISOLATION-STAGE-2", Base = "FORWARD";

    internal static IptablesRule EnterForward { get; } = new("-m", "comment", "--comment", "CNI firewall plugin rules", "-j", Forward);

    internal static IptablesRule EnterIsolation { get; } = Policy("same-bridge|isolated", "-j", Stage1);

    /// <summary>What all containers share.</summary>
    internal static IEnumerable<PlacedRule> Shared(string adminChain) =>
    [
        new(Forward, null),
        new(adminChain, null),
        new(Base, EnterForward, First: true),
        new(Forward, EnterAdmin(adminChain), First: true),
    ];

    internal static IptablesRule EnterAdmin(string adminChain) => new("-m", "comment", "--comment", "CNI firewall plugin admin overrides", "-j", adminChain);

    /// <summary>What an address costs: it gets answers, and may send.</summary>
    internal static IEnumerable<PlacedRule> Of(IPAddress address)
    {
        string host = $"{address}/{(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 128 : 32)}";
        yield return new(Forward, new("-d", host, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT"));
        yield return new(Forward, new("-s", host, "-j", "ACCEPT"));
    }

    /// <summary>What cuts a bridge off: its packets to other bridges go to the second stage, where those for a bridge that is cut off end.</summary>
    internal static IEnumerable<PlacedRule> Isolation(string bridge, bool isolated)
    {
        string policy = isolated ? "isolated" : "same-bridge";
        yield return new(Stage1, null);
        yield return new(Stage2, null);
        yield return new(Base, EnterIsolation, First: true);
        yield return new(Stage1, Policy(policy, "-i", bridge, "!", "-o", bridge, "-j", Stage2), First: true);
        if (isolated)
        {
            yield return new(Stage1, Policy(policy, "-i", bridge, "-o", bridge, "-j", "DROP"), First: true);
        }

        yield return new(Stage1, Policy("same-bridge|isolated", "-j", "RETURN"));
        yield return new(Stage2, Policy("same-bridge|isolated", "-o", bridge, "-j", "DROP"), First: true);
        yield return new(Stage2, Policy("same-bridge|isolated", "-j", "RETURN"));
    }

    private static IptablesRule Policy(string policy, params string[] words) =>
        new([.. words, "-m", "comment", "--comment", $"CNI firewall plugin rules (ingressPolicy: {policy})"]);
}
