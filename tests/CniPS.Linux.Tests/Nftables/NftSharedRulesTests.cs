using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>Shared rules are compared by what they say, not by whether a chain of their name is there.</summary>
public sealed class NftSharedRulesTests
{
    private static readonly IpPrefix s_address = IpPrefix.Parse("10.15.20.2/24");

    private static readonly string[] s_kinds =
    [
        "masquerade 10.15.20.2/24", "masquerade 10.15.20.2/0", "masquerade fd00:1::2/64", "hairpin 4 24", "hairpin 6 64", "hairpin 4 0", "forward", "macspoofchk",
        "ports 4", "ports 6", "ports 4 ip saddr { 192.0.2.1, 198.51.100.0/24 } tcp dport != 80-90", "ports 4 ct state established,related meta mark 5",
    ];

    public static TheoryData<string> Kinds => [.. s_kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_just_made_lacks_nothing(string kind)
    {
        using NftTestNamespace ns = new();
        Assert.NotEmpty(Missing(ns, kind));
        ns.Socket.Apply(Missing(ns, kind));
        Assert.Empty(Missing(ns, kind));
        using LinuxHost host = ns.OpenHost();
        Assert.Empty(Missing(host.Nftables(host.Namespace), ns, kind));
        PlannedHost plan = new(host);
        Assert.Empty(Missing(plan.Nftables(host.Namespace), ns, kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_planned_lacks_nothing(string kind)
    {
        using NftTestNamespace ns = new();
        using LinuxHost host = ns.OpenHost();
        PlannedHost plan = new(host);
        plan.Apply(Missing(plan.Nftables(host.Namespace), ns, kind));
        Assert.Empty(Missing(plan.Nftables(host.Namespace), ns, kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whatever_another_does_to_the_rules_is_seen_and_mended(string kind)
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(Missing(ns, kind));
        string right = Sorted(ns.Ruleset);
        int tried = 0;
        foreach (string harm in Harms(ns))
        {
            ns.Run(harm);
            IReadOnlyList<NftChange> missing = Missing(ns, kind);
            Assert.True(missing.Count > 0, $"{kind}: not seen: {harm}");
            ns.Socket.Apply(missing);
            Assert.True(right == Sorted(ns.Ruleset), $"{kind}: not mended: {harm}\n{ns.Ruleset}");
            Assert.Empty(Missing(ns, kind));
            tried++;
        }

        Assert.True(tried > 5, $"{tried} harms");
    }

    [Fact]
    public void A_plan_mends_as_the_kernel_does()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(Missing(ns, s_kinds[0]));
        ns.Run("flush table inet cnips");
        using LinuxHost host = ns.OpenHost();
        PlannedHost plan = new(host);
        plan.Apply(Missing(plan.Nftables(host.Namespace), ns, s_kinds[0]));
        Assert.Empty(Missing(plan.Nftables(host.Namespace), ns, s_kinds[0]));
        Assert.NotEmpty(Missing(ns, s_kinds[0]));
    }

    [Fact]
    public void The_administrators_own_chain_may_hold_anything()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(Missing(ns, "forward"));
        ns.Run("add rule inet cnips forward-admin tcp dport 22 drop");
        Assert.Empty(Missing(ns, "forward"));
        ns.Run("flush chain inet cnips forward");
        ns.Socket.Apply(Missing(ns, "forward"));
        Assert.Contains("tcp dport 22 drop", ns.Ruleset);
        Assert.Empty(Missing(ns, "forward"));
    }

    [Fact]
    public void Elements_outlive_the_mending()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply([.. Masquerade.Missing(ns.View, ns.Namespace, s_address), Masquerade.Add(ns.Namespace, s_address, "one")]);
        string right = ns.Ruleset;
        ns.Run("flush table inet cnips");
        ns.Socket.Apply(Masquerade.Missing(ns.View, ns.Namespace, s_address));
        Assert.Equal(right, ns.Ruleset);
    }

    [Fact]
    public void Words_that_only_nft_reads_are_compared_by_what_stands_around_them()
    {
        using NftTestNamespace ns = new();
        using LinuxHost host = ns.OpenHost();
        const string Kind = "ports 4 limit rate 10/second";
        host.Apply(Missing(ns, Kind));
        Assert.Empty(Missing(ns, Kind));
        string chain = Regex.Match(ns.Ruleset, "chain (ports4-[0-9a-f]{8}-prerouting)").Groups[1].Value;
        ns.Run($"flush chain inet cnips {chain}");
        host.Apply(Missing(ns, Kind));
        Assert.Empty(Missing(ns, Kind));
        ns.Run($"flush chain inet cnips {chain}");
        ns.Run($"add rule inet cnips {chain} limit rate 10/second accept");
        Assert.NotEmpty(Missing(ns, Kind));
    }

    [Fact]
    public void What_was_found_right_is_read_again_only_when_another_has_changed_something()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(Missing(ns, s_kinds[0]));
        int looks = 0;
        Look();
        Assert.Equal(1, looks);
        Look();
        Assert.Equal(1, looks);

        // Elements of this process's own.
        for (int i = 3; i < 10; i++)
        {
            ns.Socket.Apply([Masquerade.Add(ns.Namespace, IpPrefix.Parse($"10.15.20.{i}/24"), "one")]);
            Look();
        }

        Assert.Throws<ChangeException>(() => ns.Socket.Apply([Masquerade.Add(ns.Namespace, IpPrefix.Parse("10.15.20.3/24"), "two")]));
        ns.Socket.Apply([Masquerade.Remove(ns.Namespace, IpPrefix.Parse("10.15.20.3/24"))]);
        ns.Socket.Apply([Masquerade.Remove(ns.Namespace, IpPrefix.Parse("10.15.20.3/24"))]); // nothing to do: no transaction
        Look();
        Assert.Equal(1, looks);

        ns.Run("add table ip another");
        Look();
        Assert.Equal(2, looks);
        ns.Socket.Apply([new NftTableAdd(ns.Namespace, new NftTable(NftFamily.IPv4, "third"))]);
        Look();
        Assert.Equal(3, looks);
        Look();
        Assert.Equal(3, looks);

        void Look() => Assert.Empty(NftSharedRules.Missing(ns.View, "masquerade4-24", () =>
        {
            looks++;
            using NftTestNamespace empty = new();
            return Masquerade.Missing(empty.View, ns.Namespace, s_address);
        }));
    }

    [Fact]
    public void A_list_of_what_is_served_leaves_out_what_no_rule_asks_for()
    {
        using NftTestNamespace ns = new();
        ForwardedPort port = new(System.Net.Sockets.ProtocolType.Tcp, 8080, null, s_address.Address, 80);
        ns.Socket.Apply(
        [
            .. Masquerade.Missing(ns.View, ns.Namespace, s_address), Masquerade.Add(ns.Namespace, s_address, "one"),
            .. PortForwarding.Missing(ns.View, ns.Namespace, v6: false, []).Skip(1), PortForwarding.Add(ns.Namespace, port, [], "one"),
        ]);
        Assert.Single(Masquerade.List(ns.View, ns.Namespace));
        Assert.Equal([port], PortForwarding.List(ns.View, ns.Namespace));
        ns.Run("flush table inet cnips");
        Assert.Empty(Masquerade.List(ns.View, ns.Namespace));
        Assert.Empty(PortForwarding.List(ns.View, ns.Namespace));
        Assert.Single(Masquerade.List(ns.View));
        Assert.Single(PortForwarding.List(ns.View));
    }

    // A chain that was made again is listed behind the others.
    private static string Sorted(string ruleset) =>
        string.Join("\n\n", ruleset.Split("\n\n").Select(part => part.TrimEnd('}', '\n', '\t')).Order(StringComparer.Ordinal));

    private static IReadOnlyList<NftChange> Missing(NftTestNamespace ns, string kind) => Missing(ns.View, ns, kind);

    private static IReadOnlyList<NftChange> Missing(INftablesView view, NftTestNamespace ns, string kind)
    {
        string[] words = kind.Split(' ', 3);
        return words[0] switch
        {
            "masquerade" => Masquerade.Missing(view, ns.Namespace, IpPrefix.Parse(words[1])),
            "hairpin" => Hairpin.Missing(view, ns.Namespace, words[1] == "6", int.Parse(words[2])),
            "forward" => ForwardFilter.Missing(view, ns.Namespace),
            "macspoofchk" => SpoofCheck.Missing(view, ns.Namespace),
            _ => PortForwarding.Missing(view, ns.Namespace, words[1] == "6", words.Length > 2 ? NftConditions.Read(words[2], v6: false) : []),
        };
    }

    /// <summary>Everything that one command of nft can do to the rules: all gone, one gone, one too many, one changed, two exchanged, a policy, the table asleep.</summary>
    private static IEnumerable<string> Harms(NftTestNamespace ns)
    {
        string table = Regex.Match(ns.Ruleset, @"^table (\w+ \w+)", RegexOptions.Multiline).Groups[1].Value;
        yield return $"flush table {table}";
        yield return $"add table {table} {{ flags dormant; }}";
        foreach (string name in Regex.Matches(ns.Ruleset, @"chain ([\w-]+) \{").Select(match => match.Groups[1].Value).ToArray())
        {
            int count = Rules().Count;
            for (int i = 0; i < count; i++)
            {
                (string handle, string text) = Rules()[i];
                yield return $"delete rule {table} {name} handle {handle}";
                (handle, text) = Rules()[i];
                yield return $"replace rule {table} {name} handle {handle} counter";
                (handle, text) = Rules()[i];
                yield return text.Contains('{', StringComparison.Ordinal) // which nft doesn't survive in a replacement
                    ? $"delete rule {table} {name} handle {handle}; add rule {table} {name} counter {text}"
                    : $"replace rule {table} {name} handle {handle} counter {text}";
                (handle, text) = Rules()[i];
                if (i > 0)
                {
                    (string other, _) = Rules()[0];
                    yield return $"delete rule {table} {name} handle {handle}; insert rule {table} {name} handle {other} {text}";
                }
            }

            if (count > 0)
            {
                yield return $"insert rule {table} {name} accept";
                yield return $"add rule {table} {name} accept";
            }

            if (Listing().Contains("policy accept", StringComparison.Ordinal))
            {
                yield return $"add chain {table} {name} {{ policy drop; }}";
            }

            string Listing() => ns.Nft($"-a list chain {table} {name}");

            List<(string Handle, string Text)> Rules() =>
                [.. Regex.Matches(Listing(), @"^\t\t(?!type )(.+?)( comment ""[^""]*"")? # handle (\d+)$", RegexOptions.Multiline)
                    .Select(match => (match.Groups[3].Value, match.Groups[1].Value))];
        }
    }
}
