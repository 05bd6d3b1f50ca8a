using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Machine;
using CniPS.Linux.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

public sealed class NftConditionsTests
{
    /// <summary>What is read without nft.</summary>
    public static TheoryData<string, bool> Known => new()
    {
        { "ip saddr 192.0.2.2", false },
        { "ip saddr != 192.0.2.0/25 ip daddr == 10.0.0.0/8", false },
        { "ip6 daddr 2001:db8::/33", true },
        { "ip6 saddr != 2001:db8::1 iifname eth0", true },
        { "iifname \"eth0\" meta mark != 0x20", false },
        { "meta iifname != br-lan.5", true },
        { "meta mark 16", false },
        { "ip saddr 192.0.2.2-192.0.2.9 tcp sport 1 tcp dport 1024-65535", false },
        { "ip saddr 192.0.2.2 ip daddr 192.0.2.3", false },
        { "ip saddr != 192.0.2.0-192.0.2.255", false },
        { "ip saddr 10.1.2.3/8 ip daddr 192.0.2.1/32", false },
        { "ip saddr { 192.0.2.2, 198.51.100.0/24 } iifname != {eth0,eth1}", false },
        { "ip saddr != { 0.0.0.0/8, 10.0.0.0-10.0.0.255, 10.0.1.1 } udp dport { 53, 5353 } oifname \"out\"", false },
        { "ip6 saddr { 2001:db8::/32, fd00::1 } meta l4proto != icmpv6 ct state new", true },
        { "meta l4proto udp udp dport != 53 ct state != invalid,untracked", true },
        { "meta l4proto { tcp, udp } th dport { 1-2, 80 }", false },
        { "sctp dport != 1-3868 meta mark { 0x1, 0x2 }", false },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void What_is_read_here_is_what_nft_reads(string text, bool v6)
    {
        IReadOnlyList<NftStatement> conditions = NftConditions.Read(text, v6);
        Assert.DoesNotContain(conditions, condition => condition is NftWords);
        Assert.Equal(Kernel(conditions, v6), Kernel([new NftWords(text)], v6));
    }

    private static string Kernel(IReadOnlyList<NftStatement> conditions, bool v6)
    {
        using NftTestNamespace ns = new();
        using LinuxHost host = ns.OpenHost();
        IReadOnlyList<NftChange> changes = PortForwarding.Missing(ns.View, ns.Namespace, v6, conditions);
        IReadOnlyList<Applied> made = host.Apply(changes);
        Assert.All(made, applied => Assert.NotNull(applied.Undo));
        string rules = ns.Nft("-a list ruleset");
        Assert.Contains($"jump ports{(v6 ? 6 : 4)}-", rules);
        host.Apply([.. made.Select(applied => applied.Undo!).Reverse()]);
        Assert.Equal("", ns.Ruleset);
        return Regex.Replace(rules, "(ports[46]-)[0-9a-f]{8}", "$1HASH");
    }

    [Theory]
    [InlineData("ip saddr { 192.0.2.2 }")]
    [InlineData("ip saddr { 10.0.0.0/9, 10.128.0.0/9 }")]
    [InlineData("ip saddr { 0.0.0.0/1, 255.255.255.255 }")]
    [InlineData("ip saddr { 192.0.2.2, 192.0.2.2 }")]
    [InlineData("ip saddr { 192.0.2.2, 192.0.2.3")]
    [InlineData("ip saddr { 192.0.2.2, 192.0.2.3, }")]
    [InlineData("tcp dport 90-80")]
    [InlineData("tcp dport 010")]
    [InlineData("tcp dport http")]
    [InlineData("tcp dport 65536")]
    [InlineData("meta l4proto tcp udp dport 53")]
    [InlineData("tcp dport 80 meta l4proto tcp")]
    [InlineData("meta l4proto != udp tcp dport 80")]
    [InlineData("ct state new,old")]
    [InlineData("tcp flags syn")]
    [InlineData("ip saddr")]
    [InlineData("ip saddr 192.0.2.2 limit rate 10/second")]
    [InlineData("iifname \"eth*\"")]
    [InlineData("iifname $name")]
    [InlineData("iifname \"a b\" counter")]
    [InlineData("meta mark 1-2")]
    public void What_is_not_read_here_is_left_to_nft_as_a_whole(string text) =>
        Assert.Equal(new NftWords(text), Assert.Single(NftConditions.Read($"  {text.Replace(" co", "\n\tco")} ", v6: false)));

    [Fact]
    public void No_condition_is_none() => Assert.Empty(NftConditions.Read(" ", v6: false));

    [Theory]
    [InlineData("ip saddr 1.2.3.4; flush ruleset", "';' would end the rule")]
    [InlineData("ip saddr 1.2.3.4 # home", "'#' would end the rule")]
    [InlineData("log prefix \"a\nb\"", "a line may not end between quotation marks")]
    [InlineData("log prefix \"a", "a quotation mark lacks its partner")]
    [InlineData("counter ip6 daddr ::1", "no packet of IPv4 has an \"ip6 daddr\"")]
    public void What_is_not_within_a_rule_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => NftConditions.Read(text, v6: false)).Message);

    [Fact]
    public void Marks_between_quotation_marks_end_nothing() =>
        Assert.Equal(new NftWords("log prefix \"a; b  # c\""), Assert.Single(NftConditions.Read("log  prefix \"a; b  # c\"", v6: false)));

    [Fact]
    public void A_transaction_of_nft_is_all_or_nothing_and_knows_what_it_made()
    {
        using NftTestNamespace ns = new();
        using LinuxHost host = ns.OpenHost();
        NftWords[] conditions = [new("tcp flags syn")];
        ForwardedPort web = new(ProtocolType.Tcp, 8080, null, IPAddress.Parse("10.15.20.2"), 80);
        NftElementAdd old = PortForwarding.Add(ns.Namespace, web with { HostPort = 8081 }, [], "old");
        host.Apply([.. PortForwarding.Missing(ns.View, ns.Namespace, v6: false, []), old]);
        string before = ns.Ruleset;
        NftChange[] changes =
        [
            .. PortForwarding.Missing(ns.View, ns.Namespace, v6: false, conditions),
            PortForwarding.Add(ns.Namespace, web, conditions, "new"),
            new NftElementDelete(ns.Namespace, old.Set, old.Key),
            new NftElementDelete(ns.Namespace, old.Set, old.Key),
        ];
        IReadOnlyList<Applied> made = host.Apply(changes);
        Assert.Equal(changes, made.Select(applied => applied.Change));
        Assert.Null(made[0].Undo); // the table was there
        Assert.Null(made[^1].Undo); // the element was gone
        Assert.Contains("elements = { tcp . 8080 comment \"new\" : 10.15.20.2 . 80 }", ns.Ruleset);
        Assert.DoesNotContain("8081", ns.Ruleset);
        foreach (Change undo in made.Select(applied => applied.Undo).OfType<Change>().Reverse())
        {
            host.Apply([undo]); // a set counts as full until the transaction that empties it is done
        }

        Assert.Equal(before, ns.Ruleset);

        // The last of them fails, and with it all.
        ChangeException e = Assert.Throws<ChangeException>(() => host.Apply([.. changes[..^2], new NftElementDelete(ns.Namespace, old.Set, old.Key), new NftSetDelete(ns.Namespace, old.Set)]));
        Assert.Equal("delete map inet cnips ports4", e.Change.Operation);
        Assert.IsType<NftProgramException>(e.InnerException);
        Assert.Contains("Device or resource busy", e.Message);
        Assert.Empty(e.Made);
        Assert.Equal(before, ns.Ruleset);
    }
}
