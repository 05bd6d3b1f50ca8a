using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Route;

namespace CniPS.Plugins;

/// <summary>
/// Masquerading by iptables, with the Go plugins' chains (pkg/ip, SetupIPMasq), so that each implementation can remove what the other made:
/// <code>
/// -N CNI-0123456789abcdef01234567
/// -A CNI-0123456789abcdef01234567 -d 10.15.20.0/24 -j ACCEPT
/// -A CNI-0123456789abcdef01234567 ! -d 224.0.0.0/4 -j MASQUERADE
/// -A POSTROUTING -s 10.15.20.2 -j CNI-0123456789abcdef01234567
/// </code>
/// Each rule has the comment <c>name: "mybridge" id: "blue"</c>. The chain is the container's: its interfaces on one network share it.
/// </summary>
internal sealed class IptablesMasquerade
{
    private const string NatTable = "nat", Base = "POSTROUTING", ChainPrefix = "CNI-";

    // iptables takes 28 characters; each byte is two of them.
    private const int HashBytes = (28 - 4) / 2;

    private readonly IHost _host;
    private readonly string _comment;
    private readonly string _chain;

    internal IptablesMasquerade(PluginContext context, PluginCall call)
    {
        _host = context.Host;
        _comment = CommentOf(call.Network, call.ContainerId);
        _chain = ChainOf(call.Network, call.ContainerId);
    }

    private NetworkNamespace Namespace => _host.Namespace;

    private IIptablesView View => _host.Iptables(_host.Namespace);

    /// <summary>What masquerades addresses; what is there already stays.</summary>
    internal IReadOnlyList<Change> Add(IReadOnlyList<IpPrefix> addresses)
    {
        List<Change> changes = [];
        foreach (IpPrefix address in addresses)
        {
            IptablesTable table = new(address.IsV6, NatTable);
            changes.Add(new IptablesChainAdd(Namespace, table, _chain));
            changes.Add(new IptablesRuleAdd(Namespace, table, _chain, StayRule(address)));
            changes.Add(new IptablesRuleAdd(Namespace, table, _chain, LeaveRule(address)));
            changes.Add(new IptablesRuleAdd(Namespace, table, Base, JumpRule(address)));
        }

        return changes;
    }

    /// <summary>Whether the container's chain is there.</summary>
    internal bool HasChain(bool v6) => View.MayHave(new IptablesTable(v6, NatTable), _chain) && View.Read(new IptablesTable(v6, NatTable)).HasChain(_chain);

    /// <summary>Whether an address is masqueraded.</summary>
    internal bool Has(IpPrefix address)
    {
        IptablesTable table = new(address.IsV6, NatTable);
        if (!View.MayHave(table, _chain))
        {
            return false;
        }

        IptablesContent content = View.Read(table);
        return content.HasRule(_chain, StayRule(address))
            && content.HasRule(_chain, LeaveRule(address))
            && content.HasRule(Base, JumpRule(address));
    }

    /// <summary>
    /// What masquerades no more: the addresses that are known; else whatever goes to the container's chain. The chain goes with the last one.
    /// The program is run only where the kernel has such a chain.
    /// </summary>
    internal IReadOnlyList<Change> Remove(IReadOnlyList<IpPrefix>? known)
    {
        List<Change> changes = [];
        foreach (bool v6 in (bool[])[false, true])
        {
            IptablesTable table = new(v6, NatTable);
            if ((known is not null && !Exists(known, address => address.IsV6 == v6)) || !View.MayHave(table, _chain))
            {
                continue;
            }

            IptablesContent content = View.Read(table);
            bool othersStay = false;
            foreach (IptablesRule rule in content.RulesOf(Base))
            {
                if (rule.Target != _chain)
                {
                    continue;
                }

                if (known is null ? rule.Comment == _comment : Exists(known, address => rule.Equals(JumpRule(address))))
                {
                    changes.Add(new IptablesRuleDelete(Namespace, table, Base, rule));
                }
                else
                {
                    othersStay = true;
                }
            }

            if (!othersStay)
            {
                changes.Add(new IptablesChainDelete(Namespace, table, _chain));
            }
        }

        return changes;
    }

    /// <summary>GC: what removes the chains of a network's containers that have no valid attachment any more.</summary>
    internal static IReadOnlyList<Change> RemoveInvalid(PluginContext context, string network, ValidAttachments valid)
    {
        IHost host = context.Host;
        List<Change> changes = [];
        string ours = $"name: \"{network}\" id: \"";
        if (ours.Length >= IptablesRule.LongestComment)
        {
            return changes; // a comment that was cut there doesn't tell whose network's it is
        }

        foreach (bool v6 in (bool[])[false, true])
        {
            IptablesTable table = new(v6, NatTable);
            if (!host.Iptables(host.Namespace).MayHave(table))
            {
                continue;
            }

            IptablesContent content = host.Iptables(host.Namespace).Read(table);
            foreach (string chain in content.Chains)
            {
                if (IsChainName(chain) && CommentIn(content, chain) is { } comment
                    && comment.StartsWith(ours, StringComparison.Ordinal) && comment.EndsWith('"')
                    && !valid.Keeps(new AttachmentClaim(network) { ContainerId = comment[ours.Length..^1], Addresses = SourcesTo(content, chain) }))
                {
                    AddRemoval(changes, host.Namespace, table, content, chain);
                }
            }
        }

        return changes;
    }

    // The addresses of which what comes goes to a chain.
    private static List<IPAddress> SourcesTo(IptablesContent content, string chain)
    {
        List<IPAddress> sources = [];
        foreach (IptablesRule rule in content.RulesOf(Base))
        {
            if (rule.Target == chain && rule.ValueOf("-s") is { } text && IPAddress.TryParse(text.Split('/')[0], out IPAddress? source))
            {
                sources.Add(source);
            }
        }

        return sources;
    }

    private static void AddRemoval(List<Change> changes, NetworkNamespace ns, IptablesTable table, IptablesContent content, string chain)
    {
        foreach (IptablesRule rule in content.RulesOf(Base))
        {
            if (rule.Target == chain)
            {
                changes.Add(new IptablesRuleDelete(ns, table, Base, rule));
            }
        }

        changes.Add(new IptablesChainDelete(ns, table, chain));
    }

    // portmap has chains too: CNI-DN-..., CNI-HOSTPORT-DNAT and others.
    private static bool IsChainName(string chain)
    {
        if (chain.Length != ChainPrefix.Length + (2 * HashBytes) || !chain.StartsWith(ChainPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (char c in chain.AsSpan(ChainPrefix.Length))
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return true;
    }

    // By its rules; by those that go there where it is empty: a Go plugin empties it before it finds out that a rule still goes there.
    private static string? CommentIn(IptablesContent content, string chain)
    {
        foreach (IptablesRule rule in content.RulesOf(chain))
        {
            if (rule.Comment is { } comment)
            {
                return comment;
            }
        }

        foreach (IptablesRule rule in content.RulesOf(Base))
        {
            if (rule.Target == chain && rule.Comment is { } comment)
            {
                return comment;
            }
        }

        return null;
    }

    private static bool Exists(IReadOnlyList<IpPrefix> addresses, Predicate<IpPrefix> matches)
    {
        foreach (IpPrefix address in addresses)
        {
            if (matches(address))
            {
                return true;
            }
        }

        return false;
    }

    private IptablesRule StayRule(IpPrefix address) => new("-d", address.Network.ToString(), "-m", "comment", "--comment", _comment, "-j", "ACCEPT");

    private IptablesRule LeaveRule(IpPrefix address) =>
        new("!", "-d", address.IsV6 ? "ff00::/8" : "224.0.0.0/4", "-m", "comment", "--comment", _comment, "-j", "MASQUERADE");

    private IptablesRule JumpRule(IpPrefix address) => new("-s", address.Address.ToString(), "-m", "comment", "--comment", _comment, "-j", _chain);

    private static string ChainOf(string network, string containerId) => ChainPrefix + Sha512.Hex(network + containerId, HashBytes);

    // As iptables cuts what is too long, without a word: so what is there is found again, whoever made it.
    private static string CommentOf(string network, string containerId)
    {
        string comment = $"name: \"{network}\" id: \"{containerId}\"";
        return comment.Length <= IptablesRule.LongestComment ? comment : comment[..IptablesRule.LongestComment];
    }
}
