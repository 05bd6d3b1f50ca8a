using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Linux.Tests.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

public sealed class MasqueradeTests
{
    private static readonly IpPrefix s_v4 = IpPrefix.Parse("10.15.20.2/24");
    private static readonly IpPrefix s_v6 = IpPrefix.Parse("fd00:1::2/64");

    [Theory]
    [InlineData("10.15.20.2/24", "masquerade4-24", "10.15.20.2 . 10.15.20.0")]
    [InlineData("10.15.20.2/32", "masquerade4-32", "10.15.20.2 . 10.15.20.2")]
    [InlineData("fd00:1::2/64", "masquerade6-64", "fd00:1::2 . fd00:1::")]
    public void An_element_says_in_which_subnet_an_address_is(string address, string set, string key)
    {
        using NetworkNamespace ns = NetworkNamespace.OpenCurrent();
        NftElementAdd add = Masquerade.Add(ns, IpPrefix.Parse(address), "one");
        Assert.Equal($"nft create element inet cnips {set} '{{ {key} comment \"one\" }}'", add.Text);
    }

    [Fact]
    public void The_ruleset_reads_well()
    {
        using NftTestNamespace ns = new();
        Attach(ns, s_v4, "mybridge eth12 1234567890");
        Attach(ns, s_v6, "mybridge eth12 1234567890");
        const string Expected = """
            table inet cnips {
            	comment "CniPS: container networks"
            	set masquerade4-24 {
            		type ipv4_addr . ipv4_addr
            		comment "containers and the subnets they leave with the address of the host"
            		elements = { 10.15.20.2 . 10.15.20.0 comment "mybridge eth12 1234567890" }
            	}

            	set masquerade6-64 {
            		type ipv6_addr . ipv6_addr
            		comment "containers and the subnets they leave with the address of the host"
            		elements = { fd00:1::2 . fd00:1:: comment "mybridge eth12 1234567890" }
            	}

            	chain masquerade4-24 {
            		type nat hook postrouting priority srcnat; policy accept;
            		ip saddr . ip daddr & 255.255.255.0 @masquerade4-24 return comment "stays in the subnet"
            		ip daddr 224.0.0.0/4 return comment "multicast"
            		ip saddr . ip saddr & 255.255.255.0 @masquerade4-24 masquerade
            	}

            	chain masquerade6-64 {
            		type nat hook postrouting priority srcnat; policy accept;
            		ip6 saddr . ip6 daddr & ffff:ffff:ffff:ffff:: @masquerade6-64 return comment "stays in the subnet"
            		ip6 daddr ff00::/8 return comment "multicast"
            		ip6 saddr . ip6 saddr & ffff:ffff:ffff:ffff:: @masquerade6-64 masquerade
            	}
            }

            """;
        Assert.Equal(Expected, ns.Ruleset);
    }

    [Theory]
    [InlineData("10.15.20.2/24")]
    [InlineData("10.15.20.2/23")]
    [InlineData("10.15.20.2/0")]
    [InlineData("10.15.20.2/32")]
    [InlineData("fd00:1::2/64")]
    [InlineData("fd00:1::2/0")]
    [InlineData("fd00:1::2/61")]
    [InlineData("fd00:1::2/127")]
    [InlineData("fd00:1::2/128")]
    public void Its_text_run_in_a_shell_does_the_same(string address)
    {
        using NftTestNamespace applied = new(), typed = new();
        Attach(applied, IpPrefix.Parse(address), "mybridge eth12 1234567890");
        foreach (NftChange change in Attachment(typed.View, typed.Namespace, IpPrefix.Parse(address), "mybridge eth12 1234567890"))
        {
            NftTestNamespace.Shell(change.Text);
        }

        Assert.Equal(applied.Ruleset, typed.Ruleset);
    }

    [Fact]
    public void The_second_container_is_one_element_whatever_its_subnet()
    {
        using NftTestNamespace ns = new();
        Attach(ns, s_v4, "one");
        Assert.IsType<NftElementAdd>(Assert.Single(Attachment(ns.View, ns.Namespace, IpPrefix.Parse("10.15.20.3/24"), "two")));
        Assert.IsType<NftElementAdd>(Assert.Single(Attachment(ns.View, ns.Namespace, IpPrefix.Parse("10.15.21.3/24"), "two")));
    }

    [Fact]
    public void An_address_goes_to_its_new_owner_and_back_when_that_is_undone()
    {
        using NftTestNamespace ns = new();
        Attach(ns, s_v4, "one");
        Assert.Empty(Attachment(ns.View, ns.Namespace, s_v4, "one"));
        IReadOnlyList<Applied> made = ns.Socket.Apply(Attachment(ns.View, ns.Namespace, s_v4, "two"));
        Assert.Equal("two", Masquerade.FindOwner(ns.View, s_v4));
        Assert.Empty(Masquerade.FindOwned(ns.View, "one"));
        ns.Socket.Apply(made.Reverse().Select(a => (NftChange)a.Undo!).ToArray());
        Assert.Equal("one", Masquerade.FindOwner(ns.View, s_v4));
    }

    [Fact]
    public void Addresses_are_found_by_their_owner()
    {
        using NftTestNamespace ns = new();
        string owner = new('o', 300);
        Attach(ns, s_v4, owner);
        Attach(ns, IpPrefix.Parse("10.15.20.3/24"), new string('o', 301));
        Attach(ns, s_v6, owner);
        Assert.Equal([s_v4, s_v6], Masquerade.FindOwned(ns.View, owner));
        ns.Socket.Apply([Masquerade.Remove(ns.Namespace, s_v4), Masquerade.Remove(ns.Namespace, s_v6)]);
        Assert.Empty(Masquerade.FindOwned(ns.View, owner));
        Assert.Equal(IpPrefix.Parse("10.15.20.3/24"), Assert.Single(Masquerade.List(ns.View)).Address);
    }

    [Fact]
    public void What_nobody_uses_is_found_and_removed()
    {
        using NftTestNamespace ns = new();
        Assert.Empty(Masquerade.Unused(ns.View, ns.Namespace));
        Attach(ns, s_v4, "one");
        Attach(ns, s_v6, "one");
        Assert.Empty(Masquerade.Unused(ns.View, ns.Namespace));
        ns.Socket.Apply([Masquerade.Remove(ns.Namespace, s_v6)]);
        Assert.Equal(
            ["nft delete chain inet cnips masquerade6-64", "nft delete set inet cnips masquerade6-64"],
            Masquerade.Unused(ns.View, ns.Namespace).Select(c => c.Text.Replace($"ip netns exec {ns.Namespace.Name} ", "", StringComparison.Ordinal)));
        ns.Socket.Apply([Masquerade.Remove(ns.Namespace, s_v4)]);
        ns.Socket.Apply(Masquerade.Unused(ns.View, ns.Namespace));
        Assert.Equal("", ns.Ruleset);
    }

    [Fact]
    public void What_others_put_into_the_table_stays()
    {
        using NftTestNamespace ns = new();
        Attach(ns, s_v4, "one");
        ns.Socket.Apply([Masquerade.Remove(ns.Namespace, s_v4), new NftChainAdd(ns.Namespace, Masquerade.Table, "theirs")]);
        ns.Socket.Apply(Masquerade.Unused(ns.View, ns.Namespace));
        Assert.Equal(["theirs"], ns.View.GetChains(Masquerade.Table));
        Assert.Empty(ns.View.GetSets(Masquerade.Table));
    }

    [Fact]
    public void Removing_what_somebody_began_to_use_meanwhile_fails_as_a_whole()
    {
        using NftTestNamespace ns = new();
        IReadOnlyList<Applied> made = ns.Socket.Apply(Masquerade.Missing(ns.View, ns.Namespace, s_v4));
        Assert.All(made, a => Assert.NotNull(a.Undo));
        IReadOnlyList<NftChange> unused = Masquerade.Unused(ns.View, ns.Namespace);
        Attach(ns, IpPrefix.Parse("10.15.21.2/24"), "meanwhile");
        string before = ns.Ruleset;
        Assert.Equal(Errno.EBUSY, Assert.Throws<ChangeException>(() => ns.Socket.Apply(unused)).Errno);
        Assert.Equal(Errno.EBUSY, Assert.Throws<ChangeException>(() => ns.Socket.Apply(made.Reverse().Select(a => (NftChange)a.Undo!).ToArray())).Errno);
        Assert.Equal(before, ns.Ruleset);
    }

    [Fact]
    public async Task Two_at_once_double_nothing()
    {
        using NftTestNamespace ns = new();
        for (int round = 0; round < 20; round++)
        {
            IpPrefix[] addresses = [IpPrefix.Parse($"10.0.{round}.1/{8 + round}"), IpPrefix.Parse($"10.0.{round}.2/{8 + round}")];
            // Both decide before either acts.
            IReadOnlyList<NftChange>[] changes = [.. addresses.Select(a => Attachment(ns.View, ns.Namespace, a, a.ToString()))];
            await Task.WhenAll(changes.Select(c => Task.Run(() =>
            {
                using NftablesSocket socket = new(ns.Namespace);
                socket.Apply(c);
            })));
            Assert.Equal(3, ns.View.GetRules(Masquerade.Table, Masquerade.SetOf(addresses[0]).Name).Count);
            Assert.All(addresses, a => Assert.Equal(a.ToString(), Masquerade.FindOwner(ns.View, a)));
            if (round % 2 == 0)
            {
                ns.Socket.Apply([new NftTableDelete(ns.Namespace, Masquerade.Table)]);
            }
        }
    }

    private static NftChange[] Attachment(INftablesView view, NetworkNamespace ns, IpPrefix address, string owner) =>
        [.. Masquerade.Missing(view, ns, address), .. Masquerade.Assign(view, ns, address, owner)];

    private static void Attach(NftTestNamespace ns, IpPrefix address, string owner) =>
        ns.Socket.Apply(Attachment(ns.View, ns.Namespace, address, owner));
}
