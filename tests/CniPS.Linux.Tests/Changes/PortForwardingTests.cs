using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Linux.Tests.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

public sealed class PortForwardingTests
{
    private static readonly ForwardedPort s_web = new(ProtocolType.Tcp, 8080, null, IPAddress.Parse("10.15.20.2"), 80);
    private static readonly ForwardedPort s_names = new(ProtocolType.Udp, 5353, IPAddress.Parse("192.0.2.1"), IPAddress.Parse("10.15.20.2"), 53);
    private static readonly ForwardedPort s_web6 = new(ForwardedPort.Sctp, 8080, null, IPAddress.Parse("fd00:1::2"), 80);
    private static readonly NftStatement[] s_conditions =
        [NftSubnetMatch.Source(IpPrefix.Parse("192.0.2.0/24"), not: true), new NftMatch(NftField.Iifname, NftValue.InterfaceName("eth0"))];

    [Fact]
    public void The_ruleset_reads_well()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(All(ns));
        const string Expected = """
            	map ports4-at {
            		type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service
            		comment "ports of one address of the host and the containers that they lead to"
            		elements = { 192.0.2.1 . udp . 5353 comment "mynet eth0 blue" : 10.15.20.2 . 53 }
            	}
            """;
        Assert.Contains(Expected, ns.Ruleset);
        Assert.Contains("ct status dnat ip daddr . ip saddr & 255.255.255.0 @hairpin4-24 masquerade", ns.Ruleset);
        Assert.Contains("elements = { sctp . 8080 comment \"mynet eth0 blue\" : fd00:1::2 . 80 }", ns.Ruleset);
        Assert.Contains("ip saddr != 192.0.2.0/24 iifname \"eth0\" fib daddr type local jump ports4-", ns.Ruleset);
    }

    [Fact]
    public void The_texts_do_the_same_in_a_shell()
    {
        using NftTestNamespace ns = new(), other = new();
        ns.Socket.Apply(All(ns));
        NftTestNamespace.Shell(string.Join('\n', All(other).Select(change => change.Text)));
        Assert.Equal(Sorted(ns.Ruleset), Sorted(other.Ruleset));

        static string[] Sorted(string ruleset) => [.. ruleset.Split('\n').Select(line => line.Trim()).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void What_nobody_uses_goes_and_nothing_else()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(All(ns));
        Assert.Empty(PortForwarding.Unused(ns.View, ns.Namespace));
        ns.Socket.Apply([.. PortForwarding.Close(ns.View, ns.Namespace, (comment, _) => comment == "mynet eth0 blue", (_, _) => false)]);
        IReadOnlyList<NftChange> unused = PortForwarding.Unused(ns.View, ns.Namespace);
        Assert.DoesNotContain(unused, change => change.Text.Contains("hairpin", StringComparison.Ordinal));
        ns.Socket.Apply(unused);
        Assert.DoesNotContain("ports", ns.Ruleset.Replace("reach their ports", "", StringComparison.Ordinal));
        Assert.Contains("hairpin4-24", ns.Ruleset);
        ns.Socket.Apply([.. Hairpin.FindOwned(ns.View, ns.Namespace, (comment, _) => comment == "mynet eth0 blue")]);
        ns.Socket.Apply(PortForwarding.Unused(ns.View, ns.Namespace));
        Assert.Equal("", ns.Ruleset);
    }

    [Fact]
    public void Chains_that_are_there_are_not_made_again()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(All(ns));
        Assert.Empty(PortForwarding.Missing(ns.View, ns.Namespace, v6: false, []));
        Assert.Empty(PortForwarding.Missing(ns.View, ns.Namespace, v6: false, s_conditions));
        Assert.NotEmpty(PortForwarding.Missing(ns.View, ns.Namespace, v6: true, s_conditions));
        Assert.Empty(Hairpin.Missing(ns.View, ns.Namespace, v6: false, 24));
        Assert.NotEmpty(Hairpin.Missing(ns.View, ns.Namespace, v6: false, 25));
    }

    [Theory]
    [InlineData("10.15.20.2/24", false, "hairpin4-24 '{ 10.15.20.2 . 10.15.20.0 ", "hairpin4-24 '{ 10.15.20.2 . 127.0.0.0 ")]
    [InlineData("10.15.20.2/32", false, "hairpin4-32 '{ 10.15.20.2 . 10.15.20.2 ", "hairpin4-32 '{ 10.15.20.2 . 127.0.0.1 ")]
    [InlineData("10.15.20.2/24", true, "hairpin4-0 '{ 10.15.20.2 . 0.0.0.0 ", null)]
    [InlineData("fd00:1::2/64", false, "hairpin6-64 '{ fd00:1::2 . fd00:1:: ", null)]
    public void A_subnet_and_the_loopback_address_come_back_through_the_host(string address, bool everything, string first, string? second)
    {
        using Linux.Namespaces.NetworkNamespace ns = Linux.Namespaces.NetworkNamespace.OpenCurrent();
        IReadOnlyList<NftElementAdd> elements = Hairpin.Add(ns, IpPrefix.Parse(address), everything, "one");
        Assert.Equal(second is null ? 1 : 2, elements.Count);
        Assert.Contains(first, elements[0].Text);
        Assert.True(second is null || elements[1].Text.Contains(second, StringComparison.Ordinal));
    }

    [Fact]
    public void A_connection_is_forgotten_by_the_command_that_a_person_would_type()
    {
        using Linux.Namespaces.NetworkNamespace ns = Linux.Namespaces.NetworkNamespace.OpenCurrent();
        Assert.Equal("conntrack -D -f ipv4 -p udp --orig-port-dst 53", new ConntrackDelete(ns, false, ProtocolType.Udp, 53).Text);
        Assert.Equal(
            "conntrack -D -f ipv6 -p udp --orig-port-dst 53 --orig-dst fd00::1",
            new ConntrackDelete(ns, true, ProtocolType.Udp, 53, IPAddress.Parse("fd00::1")).Text);
    }

    private static List<NftChange> All(NftTestNamespace ns) =>
    [
        .. PortForwarding.Missing(ns.View, ns.Namespace, v6: false, []),
        .. PortForwarding.Missing(ns.View, ns.Namespace, v6: false, s_conditions),
        .. PortForwarding.Missing(ns.View, ns.Namespace, v6: true, []),
        .. Hairpin.Missing(ns.View, ns.Namespace, v6: false, 24),
        PortForwarding.Add(ns.Namespace, s_web, [], "mynet eth0 blue"),
        PortForwarding.Add(ns.Namespace, s_names, [], "mynet eth0 blue"),
        PortForwarding.Add(ns.Namespace, s_web, s_conditions, "mynet eth0 blue"),
        PortForwarding.Add(ns.Namespace, s_web6, [], "mynet eth0 blue"),
        .. Hairpin.Add(ns.Namespace, IpPrefix.Parse("10.15.20.2/24"), everything: false, "mynet eth0 blue"),
    ];
}
