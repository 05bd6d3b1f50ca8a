using CniPS.Linux.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>Rules as nft writes them, and as the kernel gives them back.</summary>
public sealed class NftRuleMeaningTests
{
    [Theory]
    [InlineData("ip", "tcp dport 8080 dnat to 10.88.0.2:80", null, "10.88.0.2")]
    [InlineData("ip", "ip daddr 192.0.2.1 udp dport 53 dnat to 10.88.0.2:53", "192.0.2.1", "10.88.0.2")]
    [InlineData("ip6", "tcp dport 8080 dnat to [fd00:88::2]:80", null, "fd00:88::2")]
    [InlineData("ip6", "ip6 daddr 2001:db8::1 sctp dport 8080 dnat to [fd00:88::2]:80", "2001:db8::1", "fd00:88::2")]
    [InlineData("ip", "ip saddr 10.88.0.2 ip daddr 10.88.0.2 masquerade", "10.88.0.2", null)]
    [InlineData("ip", "ip saddr 127.0.0.1 ip daddr 10.88.0.2 masquerade", "10.88.0.2", null)]
    [InlineData("ip", "ip saddr 0.0.0.0/0 ip daddr 10.88.0.2 masquerade", "10.88.0.2", null)]
    [InlineData("ip6", "ip6 saddr fd00:88::2 ip6 daddr fd00:88::2 masquerade", "fd00:88::2", null)]
    [InlineData("ip6", "ip6 saddr ::/0 ip6 daddr fd00:88::2 masquerade", "fd00:88::2", null)]
    [InlineData("ip", "ip saddr 10.88.0.2 masquerade", null, null)]
    [InlineData("ip", "ip daddr != 10.88.0.2 masquerade", null, null)]
    [InlineData("ip", "ip daddr 10.88.0.0/16 masquerade", null, null)]
    [InlineData("ip", "ip daddr 10.88.0.0/15 masquerade", null, null)]
    [InlineData("ip", "ip daddr { 10.88.0.2, 10.88.0.3 } masquerade", null, null)]
    [InlineData("ip", "snat to 10.88.0.2", null, null)]
    public void Addresses(string family, string rule, string? destination, string? sentTo)
    {
        NftRuleMeaning meaning = Read(family, rule, rule.Contains("dnat") ? "prerouting priority dstnat" : "postrouting priority srcnat");
        Assert.Equal(destination, meaning.Destination?.ToString());
        Assert.Equal(sentTo, meaning.SentTo?.ToString());
    }

    [Theory]
    [InlineData("iifname \"vethb31b488a\" jump some", "vethb31b488a", "some")]
    [InlineData("iifname \"fifteen-letters\" goto some", "fifteen-letters", "some")]
    [InlineData("iifname \"veth*\" jump some", null, "some")]
    [InlineData("iifname != \"veth0\" drop", null, null)]
    [InlineData("oifname \"veth0\" accept", null, null)]
    [InlineData("ether saddr ea:10:e0:fa:dc:1a return", null, null)]
    public void Interfaces_and_chains(string rule, string? input, string? chain)
    {
        NftRuleMeaning meaning = Read("bridge", rule, null);
        Assert.Equal((input, chain), (meaning.InputInterface, meaning.JumpsTo));
    }

    private static NftRuleMeaning Read(string family, string rule, string? hook)
    {
        using NftTestNamespace ns = new();
        string body = hook is null ? "" : $"{{ type nat hook {hook}; }}";
        ns.Run($"add table {family} t; add chain {family} t some; add chain {family} t c {body}; add rule {family} t c {rule}");
        NftFamily of = family switch { "ip" => NftFamily.IPv4, "ip6" => NftFamily.IPv6, _ => NftFamily.Bridge };
        return NftRuleMeaning.Of(Assert.Single(ns.View.GetRules(new NftTable(of, "t"), "c")), of);
    }
}
