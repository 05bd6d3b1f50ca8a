using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>A change's text is the command that makes nft send the same bytes.</summary>
public sealed class NftEncodingTests
{
    private static readonly NftTable s_table = new(NftFamily.Inet, "cnips");
    private static readonly NftTable s_ipTable = new(NftFamily.IPv4, "tt");
    private static readonly NftType s_socket = NftType.Concat(NftType.Protocol, NftType.Service);
    private static readonly NftSet s_map4 = new(s_table, "masquerade4", NftType.IPv4Address, NftType.Verdict);
    private static readonly NftSet s_map6 = new(s_table, "masquerade6", NftType.IPv6Address, NftType.Verdict);
    private static readonly NftSet s_ports = new(s_table, "ports", s_socket, NftType.Concat(NftType.IPv4Address, NftType.Service));
    private static readonly NftSet s_ports6 = new(s_table, "ports6", s_socket, NftType.Concat(NftType.IPv6Address, NftType.Service));
    private static readonly NftSet s_hosts = new(s_table, "hosts", NftType.Service, NftType.IPv4Address);
    private static readonly NftSet s_some = new(s_table, "some", NftType.IPv4Address, Flags: NftSetFlags.Timeout);
    private static readonly NftSet s_more = new(s_table, "more", NftType.IPv4Address, Flags: NftSetFlags.Timeout | NftSetFlags.Dynamic);
    private static readonly NftSet s_triples = new(s_table, "triples", NftType.Concat(NftType.IPv4Address, NftType.Protocol, NftType.Service));
    private static readonly NftSet s_pairs = new(s_table, "pairs", NftType.Concat(NftType.IPv4Address, NftType.IPv4Address));
    private static readonly NftSet s_pairs6 = new(s_table, "pairs6", NftType.Concat(NftType.IPv6Address, NftType.IPv6Address));
    private static readonly NftSet s_links = new(s_table, "links", NftType.InterfaceName);
    private static readonly NftSet s_marks = new(s_table, "marks", NftType.Mark);
    private static readonly NftTable s_bridgeTable = new(NftFamily.Bridge, "cnips");
    private static readonly NftSet s_sources = new(s_bridgeTable, "sources", NftType.Concat(NftType.InterfaceName, NftType.EtherAddress));
    private static readonly NftSelector s_byPort = new(NftField.L4Proto, NftField.ThDport);
    private static readonly NftMatch s_local = new(NftField.FibDaddrType, NftValue.Local);
    private static readonly string[] s_conditions =
    [
        "meta l4proto tcp tcp dport 80-90", "tcp sport != 80-90", "udp sport 53", "sctp dport 3868", "sctp sport != 3868",
        "ct state new", "ct state established,related", "ct state != new", "ct state != new,established",
        "tcp dport { 80, 443 }", "udp sport != { 53, 5353 }", "ip saddr { 192.168.0.0/16, 10.0.0.0/8 }", "ip saddr {192.168.0.1,10.0.0.1} tcp dport {1 , 2}",
        "ip6 saddr != { fd00::/8, 2001:db8::1-2001:db8::9 }", "iifname { \"eth0\", eth1 }",
        "meta mark { 0x1, 2 }",
    ];
    private static readonly NftDecide s_accept = new(NftVerdict.Accept);
    private static readonly NftDecide s_return = new(NftVerdict.Return);

    public static TheoryData<int> Indexes
    {
        get
        {
            using NetworkNamespace ns = NetworkNamespace.OpenCurrent();
            return new TheoryData<int>(System.Linq.Enumerable.Range(0, Changes(ns).Count));
        }
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Bytes_are_what_nft_sends(int index)
    {
        using NetworkNamespace ns = NetworkNamespace.OpenCurrent();
        NftChange change = Changes(ns)[index];
        string command = change.Text.Replace("'", "", StringComparison.Ordinal);
        if (!NftCaptured.Messages.TryGetValue(command, out List<string>? captured))
        {
            captured = NftCaptured.Messages[command.Replace("create ", "add ", StringComparison.Ordinal)];
        }

        NetlinkBatch batch = new();
        change.Write(batch);
        ReadOnlySpan<byte> rest = batch.Bytes;
        foreach (string message in captured)
        {
            Assert.True(NetlinkMessage.TryTake(ref rest, out nlmsghdr header, out ReadOnlySpan<byte> body));
            string[] parts = message.Split(' ');
            Assert.Equal(Convert.ToUInt16(parts[0], 16), header.nlmsg_type & 0xff);
            Assert.Equal(10, header.nlmsg_type >> 8);
            // We ask that what we add be new, and for echoes.
            const int Ours = Nl.NLM_F_EXCL | Nl.NLM_F_ECHO | Nl.NLM_F_CREATE;
            Assert.Equal(Convert.ToUInt16(parts[1], 16) | Ours, header.nlmsg_flags | Ours);
            Assert.Equal(NftMessageTree.Of(header.nlmsg_type, Convert.FromHexString(parts[2])), NftMessageTree.Of(header.nlmsg_type, body));
        }

        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void Every_captured_command_is_covered()
    {
        using NetworkNamespace ns = NetworkNamespace.OpenCurrent();
        HashSet<string> covered = [];
        foreach (NftChange change in Changes(ns))
        {
            string command = change.Text.Replace("'", "", StringComparison.Ordinal);
            covered.Add(command);
            covered.Add(command.Replace("create ", "add ", StringComparison.Ordinal));
        }

        Assert.All(NftCaptured.Messages.Keys, command => Assert.Contains(command, covered));
    }

    private static List<NftChange> Changes(NetworkNamespace ns)
    {
        const string Subnet = "beyond-10.15.20.0/24", Subnet6 = "beyond-fd00-1--/64", Plain = "plain";
        NftRuleAdd Rule(string chain, params NftStatement[] statements) => new(ns, s_table, chain, new NftRuleBody(statements));
        NftSubnetMatch To(string prefix, bool not = false) => NftSubnetMatch.Destination(IpPrefix.Parse(prefix), not);
        NftSubnetMatch From(string prefix, bool not = false) => NftSubnetMatch.Source(IpPrefix.Parse(prefix), not);
        NftSetMatch Pair(NftField second, int length) => new(new NftSelector(NftField.IpSaddr, new NftPart(second, length)), s_pairs);
        NftValue Ip(string address) => NftValue.Of(IPAddress.Parse(address));
        return
        [
            new NftTableAdd(ns, s_bridgeTable),
            new NftSetAdd(ns, s_sources),
            new NftChainAdd(ns, s_bridgeTable, "spoof", new NftHook(NftChainType.Filter, NftHookPoint.Prerouting, -300, NftVerdictKind.Accept)),
            new NftRuleAdd(ns, s_bridgeTable, "spoof", new NftRuleBody(
                [new NftSetMatch(new NftSelector(NftField.Iifname, NftField.EtherSaddr), s_sources), s_return])),
            new NftRuleAdd(ns, s_bridgeTable, "spoof", new NftRuleBody(
                [new NftMatch(NftField.EtherSaddr, NftValue.Of(new MacAddress([2, 0, 0, 0, 0, 1]))), new NftDecide(NftVerdict.Drop)])),
            new NftElementAdd(
                ns, s_sources, NftValue.Concat(NftValue.InterfaceName("veth1"), NftValue.Of(new MacAddress([2, 0, 0, 0, 0, 1]))), null, "net eth0 id"),
            new NftTableAdd(ns, s_table, "hello table"),
            new NftSetAdd(ns, s_map4, "hello map"),
            new NftSetAdd(ns, s_map6),
            new NftSetAdd(ns, s_ports),
            new NftSetAdd(ns, s_ports6),
            new NftSetAdd(ns, s_hosts),
            new NftSetAdd(ns, s_some),
            new NftSetAdd(ns, s_more, "hello set"),
            new NftSetAdd(ns, s_triples),
            new NftSetAdd(ns, s_links),
            new NftSetAdd(ns, s_marks),
            new NftChainAdd(ns, s_table, "postrouting", new NftHook(NftChainType.Nat, NftHookPoint.Postrouting, NftHook.SourceNat, NftVerdictKind.Accept), "hello chain"),
            new NftChainAdd(ns, s_table, "prerouting", new NftHook(NftChainType.Nat, NftHookPoint.Prerouting, NftHook.DestinationNat)),
            new NftChainAdd(ns, s_table, "forward", new NftHook(NftChainType.Filter, NftHookPoint.Forward, -5, NftVerdictKind.Drop)),
            new NftChainAdd(ns, s_table, Subnet),
            new NftChainAdd(ns, s_table, Subnet6, null, "c"),
            new NftChainAdd(ns, s_table, Plain),
            new NftRuleAdd(ns, s_table, "postrouting", new NftRuleBody([new NftVerdictMap(new NftSelector(NftField.IpSaddr), s_map4)], "hello rule")),
            Rule("postrouting", new NftVerdictMap(new NftSelector(NftField.Ip6Saddr), s_map6)),
            Rule(Subnet, To("10.15.20.0/24"), s_return),
            Rule(Subnet, To("10.15.20.0/23"), s_return),
            Rule(Subnet, To("224.0.0.0/4"), s_return),
            Rule(Subnet, new NftMasquerade()),
            Rule(Subnet6, To("ff00::/8"), s_return),
            Rule(Subnet6, To("fd00:1::/60"), s_return),
            Rule(Subnet6, To("fd00:1::1/128", not: true), s_return),
            Rule(Subnet6, From("10.15.20.0/23", not: true), s_accept),
            Rule(Plain, From("10.0.0.0/8"), To("10.1.2.3/32"), new NftDecide(NftVerdict.Drop)),
            Rule(Plain, From("0.0.0.0/0"), s_accept),
            Rule("prerouting", s_local, new NftDnatMap(NftFamily.IPv4, s_byPort, s_ports)),
            Rule("prerouting", s_local with { Not = true }, new NftDnatMap(NftFamily.IPv6, s_byPort, s_ports6)),
            Rule("prerouting", new NftDnatMap(NftFamily.IPv4, new NftSelector(NftField.TcpDport), s_hosts)),
            Rule(
                "prerouting",
                To("127.0.0.0/8", not: true),
                new NftMatch(NftField.TcpDport, NftValue.Port(8080)),
                new NftDnat(IPAddress.Parse("10.15.20.2"), 80)),
            Rule("prerouting", new NftMatch(NftField.UdpDport, NftValue.Port(53), Not: true), new NftDnat(IPAddress.Parse("fd00::2"), 53)),
            Rule("prerouting", new NftDnat(IPAddress.Parse("10.15.20.2"))),
            Rule(Plain, new NftSetMatch(new NftSelector(NftField.IpDaddr, NftField.L4Proto, NftField.ThDport), s_triples), new NftDecide(NftVerdict.Jump(Subnet))),
            Rule(
                Plain,
                new NftSetMatch(new NftSelector(NftField.IpDaddr, NftField.IpProtocol, NftField.ThDport), s_triples, Not: true),
                new NftDecide(NftVerdict.Goto(Subnet))),
            Rule(Plain, new NftMatch(NftField.L4Proto, NftValue.Protocol(ProtocolType.Udp)), new NftMatch(NftField.ThSport, NftValue.Port(53)), s_accept),
            Rule(
                Plain,
                new NftMatch(NftField.Iifname, NftValue.InterfaceName("eth0")),
                new NftMatch(NftField.Oifname, NftValue.InterfaceName("eth1"), Not: true),
                new NftMatch(NftField.Mark, NftValue.Mark(0x2000)),
                s_accept),
            Rule(
                Plain,
                new NftSetMatch(new NftSelector(NftField.Iifname), s_links),
                new NftSetMatch(new NftSelector(NftField.Mark), s_marks, Not: true),
                s_accept),
            Rule(Plain, new NftMatch(NftField.IpProtocol, NftValue.Protocol(ProtocolType.Tcp)), new NftMatch(NftField.ThDport, NftValue.Port(80)), s_accept),
            new NftSetAdd(ns, s_pairs),
            new NftSetAdd(ns, s_pairs6),
            Rule("postrouting", Pair(NftField.IpSaddr, 24), new NftMasquerade()),
            Rule("postrouting", Pair(NftField.IpDaddr, 23), s_return),
            Rule("postrouting", Pair(NftField.IpDaddr, 32), s_return),
            Rule("postrouting", Pair(NftField.IpDaddr, 0), s_return),
            Rule(
                "postrouting",
                new NftSetMatch(new NftSelector(new NftPart(NftField.Ip6Saddr, 16), new NftPart(NftField.Ip6Daddr, 16)), s_pairs6),
                s_return),
            new NftRuleAdd(ns, s_table, "postrouting", new NftRuleBody(
                [new NftSetMatch(new NftSelector(NftField.Ip6Saddr, new NftPart(NftField.Ip6Saddr, 64)), s_pairs6), new NftMasquerade()], "x")),
            new NftElementAdd(ns, s_pairs, NftValue.Concat(Ip("10.15.20.2"), Ip("10.15.20.0")), null, "mybridge eth12 1234567890"),
            new NftElementAdd(ns, s_map4, Ip("10.15.20.2"), NftVerdict.Goto(Subnet), "mybridge eth12 1234567890"),
            new NftElementAdd(ns, s_map6, Ip("fd00:1::2"), NftVerdict.Goto(Subnet6), "mybridge eth12 1234567890"),
            new NftElementAdd(ns, s_map4, Ip("10.15.20.3"), NftVerdict.Return),
            new NftElementAdd(ns, s_some, Ip("10.1.2.3"), null, "x"),
            new NftElementAdd(
                ns,
                s_ports,
                NftValue.Concat(NftValue.Protocol(ProtocolType.Tcp), NftValue.Port(8080)),
                NftValue.Concat(Ip("10.15.20.2"), NftValue.Port(80)),
                "pp"),
            new NftElementAdd(
                ns,
                s_ports6,
                NftValue.Concat(NftValue.Protocol(ProtocolType.Udp), NftValue.Port(53)),
                NftValue.Concat(Ip("fd00::2"), NftValue.Port(53))),
            new NftElementAdd(ns, s_triples, NftValue.Concat(Ip("10.1.2.3"), NftValue.Protocol(ProtocolType.Udp), NftValue.Port(53)), null, "pp"),
            new NftElementAdd(ns, s_links, NftValue.InterfaceName("eth0"), null, "pp"),
            new NftElementAdd(ns, s_marks, NftValue.Mark(0x2000), null, "pp"),
            new NftElementDelete(ns, s_map4, Ip("10.15.20.2")),
            new NftElementDelete(ns, s_links, NftValue.InterfaceName("eth0")),
            new NftElementDelete(ns, s_triples, NftValue.Concat(Ip("10.1.2.3"), NftValue.Protocol(ProtocolType.Udp), NftValue.Port(53))),
            new NftChainFlush(ns, s_table, "prerouting"),
            new NftChainDelete(ns, s_table, "prerouting"),
            new NftRuleDelete(ns, s_table, "postrouting", 18),
            new NftSetDelete(ns, s_ports),
            new NftSetDelete(ns, s_some),
            new NftTableAdd(ns, s_ipTable),
            new NftChainAdd(ns, s_ipTable, "c"),
            new NftRuleAdd(ns, s_ipTable, "c", new NftRuleBody(
                [From("10.0.0.1/32"), To("10.0.0.0/24"), new NftMatch(NftField.TcpDport, NftValue.Port(80)), new NftMasquerade()])),
            Rule(Plain, [.. NftConditions.Read("ip saddr 10.0.0.1-10.0.0.9", v6: false).Prepend(new NftIsFamily(NftFamily.IPv4)), s_accept]),
            Rule(Plain, [.. NftConditions.Read("ip6 daddr != fd00::1-fd00::ff", v6: true).Prepend(new NftIsFamily(NftFamily.IPv6)), s_accept]),
            .. s_conditions.Select(text => Rule(Plain, [.. NftConditions.Read(text, v6: text.StartsWith("ip6", StringComparison.Ordinal)), s_accept])),
            new NftTableDelete(ns, s_table),
        ];
    }
}
