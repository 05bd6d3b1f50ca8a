using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Machine;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using CniPS.Linux.Tests.Nftables;
using Xunit;

namespace CniPS.Linux.Tests.Machine;

/// <summary>Against the kernel, in namespaces made for the test.</summary>
public sealed class NftablesSocketTests
{
    private static readonly NftTable s_table = new(NftFamily.Inet, "test");
    private static readonly NftSet s_map = new(s_table, "verdicts", NftType.IPv4Address, NftType.Verdict);
    private static readonly NftSet s_set = new(s_table, "hosts", NftType.IPv4Address);
    private static readonly NftSet s_ports = new(
        s_table,
        "ports",
        NftType.Concat(NftType.Protocol, NftType.Service),
        NftType.Concat(NftType.IPv4Address, NftType.Service));

    [Fact]
    public void Text_run_in_a_shell_does_the_same()
    {
        using NftTestNamespace applied = new(), typed = new();
        applied.Socket.Apply(Everything(applied.Namespace));
        foreach (NftChange change in Everything(typed.Namespace))
        {
            NftTestNamespace.Shell(change.Text);
        }

        Assert.Contains("it's $HOME", applied.Ruleset);
        Assert.Equal(typed.Ruleset, applied.Ruleset);
    }

    [Fact]
    public void A_transaction_is_all_or_nothing_and_says_what_failed()
    {
        using NftTestNamespace ns = new();
        NftChange bad = new NftChainAdd(ns.Namespace, s_table, "bad", new NftHook(NftChainType.Nat, NftHookPoint.Forward, 0));
        ChangeException e = Assert.Throws<ChangeException>(() => ns.Socket.Apply(
        [
            new NftTableAdd(ns.Namespace, s_table),
            new NftSetAdd(ns.Namespace, s_set),
            bad,
            new NftElementAdd(ns.Namespace, s_map, Ip(1)),
        ]));
        Assert.Same(bad, e.Change);
        Assert.Empty(e.Made);
        Assert.Equal(Errno.EOPNOTSUPP, e.Errno);
        Assert.Equal("add chain inet test bad: operation not supported", e.Message);
        Assert.Equal("", ns.Ruleset);
        Assert.False(ns.View.HasTable(s_table));
        // And the socket is as good as new.
        ns.Socket.Apply([new NftTableAdd(ns.Namespace, s_table)]);
        Assert.True(ns.View.HasTable(s_table));
    }

    [Fact]
    public void A_jump_that_the_commit_refuses_is_named()
    {
        using NftTestNamespace ns = new();
        // Masquerading reached from a prerouting hook: found when the whole is checked.
        NftChange bad = new NftRuleAdd(ns.Namespace, s_table, "base", new NftRuleBody([new NftDecide(NftVerdict.Jump("out"))]));
        ChangeException e = Assert.Throws<ChangeException>(() => ns.Socket.Apply(
        [
            new NftTableAdd(ns.Namespace, s_table),
            new NftChainAdd(ns.Namespace, s_table, "out") { Rules = [new NftRuleBody([new NftMasquerade()])] },
            new NftChainAdd(ns.Namespace, s_table, "base", new NftHook(NftChainType.Nat, NftHookPoint.Prerouting, NftHook.DestinationNat)),
            bad,
        ]));
        Assert.Equal(Errno.EOPNOTSUPP, e.Errno);
        Assert.Equal("", ns.Ruleset);
    }

    [Fact]
    public void Undo_restores_exactly()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply(
        [
            new NftTableAdd(ns.Namespace, s_table),
            new NftSetAdd(ns.Namespace, s_map),
            new NftElementAdd(ns.Namespace, s_map, Ip(1), NftVerdict.Drop, "old"),
            new NftChainAdd(ns.Namespace, s_table, "mine") { Rules = [new NftRuleBody([new NftDecide(NftVerdict.Accept)], "first")] },
        ]);
        string before = ns.Ruleset;
        IReadOnlyList<Applied> made = ns.Socket.Apply(
        [
            new NftTableAdd(ns.Namespace, s_table),
            new NftSetAdd(ns.Namespace, s_map),
            new NftSetAdd(ns.Namespace, s_ports),
            new NftChainAdd(ns.Namespace, s_table, "mine") { Rules = [new NftRuleBody([new NftDecide(NftVerdict.Drop)])] },
            new NftChainAdd(ns.Namespace, s_table, "new") { Rules = [new NftRuleBody([new NftDecide(NftVerdict.Drop)])] },
            new NftRuleAdd(ns.Namespace, s_table, "mine", new NftRuleBody([new NftDecide(NftVerdict.Drop)])),
            new NftElementDelete(ns.Namespace, s_map, Ip(1)),
            new NftElementAdd(ns.Namespace, s_map, Ip(1), NftVerdict.Goto("new"), "new"),
            new NftElementDelete(ns.Namespace, s_map, Ip(2)),
        ]);
        Assert.Equal([true, true, false, true, false, false, false, false, true], made.Select(a => a.Undo is null));
        Assert.Equal(2, ns.View.GetRules(s_table, "mine").Count);
        Assert.Equal(new NftElement(Ip(1), NftVerdict.Goto("new"), "new"), ns.View.FindElement(s_map, Ip(1)));
        ns.Socket.Apply(made.Reverse().Select(a => a.Undo).OfType<NftChange>().ToArray());
        Assert.Equal(before, ns.Ruleset);
    }

    [Fact]
    public void The_undo_of_a_table_spares_what_others_put_in()
    {
        using NftTestNamespace ns = new();
        IReadOnlyList<Applied> made = ns.Socket.Apply([new NftTableAdd(ns.Namespace, s_table), new NftSetAdd(ns.Namespace, s_set)]);
        ns.Socket.Apply([new NftElementAdd(ns.Namespace, s_set, Ip(1))]);
        ChangeException e = Assert.Throws<ChangeException>(() => ns.Socket.Apply([(NftChange)made[1].Undo!, (NftChange)made[0].Undo!]));
        Assert.Equal(Errno.EBUSY, e.Errno);
        Assert.NotNull(ns.View.FindElement(s_set, Ip(1)));
    }

    [Fact]
    public void An_element_that_is_there_is_an_error_and_one_that_is_gone_is_not()
    {
        using NftTestNamespace ns = new();
        Assert.Null(Assert.Single(ns.Socket.Apply([new NftElementDelete(ns.Namespace, s_set, Ip(1))])).Undo);
        ns.Socket.Apply([new NftTableAdd(ns.Namespace, s_table), new NftSetAdd(ns.Namespace, s_set), new NftElementAdd(ns.Namespace, s_set, Ip(1))]);
        ChangeException e = Assert.Throws<ChangeException>(() => ns.Socket.Apply([new NftElementAdd(ns.Namespace, s_set, Ip(1))]));
        Assert.Equal("add element 10.0.0.1 to set inet test hosts: file exists", e.Message);
        Assert.Null(Assert.Single(ns.Socket.Apply([new NftElementDelete(ns.Namespace, s_set, Ip(2))])).Undo);
    }

    [Fact]
    public void The_view_says_what_is_there_and_nothing_about_what_is_not()
    {
        using NftTestNamespace ns = new();
        Assert.False(ns.View.HasTable(s_table));
        Assert.False(ns.View.HasChain(s_table, "c"));
        Assert.Null(ns.View.FindElement(s_map, Ip(1)));
        Assert.Empty(ns.View.GetElements(s_map));
        Assert.Empty(ns.View.GetRules(s_table, "c"));
        Assert.Empty(ns.View.GetChains(s_table));
        Assert.Empty(ns.View.GetSets(s_table));

        ns.Socket.Apply(Everything(ns.Namespace));
        ns.Socket.Apply([new NftTableAdd(ns.Namespace, new NftTable(NftFamily.Inet, "other")), new NftChainAdd(ns.Namespace, new NftTable(NftFamily.Inet, "other"), "o")]);
        Assert.True(ns.View.HasTable(s_table));
        Assert.False(ns.View.HasTable(s_table with { Family = NftFamily.IPv4 }));
        Assert.True(ns.View.HasChain(s_table, "out-10.0.0.0/24"));
        Assert.False(ns.View.HasChain(s_table, "nope"));
        Assert.Equal(["base", "out-10.0.0.0/24", "pre"], ns.View.GetChains(s_table).Order());
        Assert.Equal(["hosts", "ports", "verdicts"], ns.View.GetSets(s_table).Order());
        Assert.Empty(ns.View.GetElements(s_map with { Name = "nope" }));
        Assert.Equal([new NftElement(Ip(2), null, "it's $HOME `x` \\n {a;b} é")], ns.View.GetElements(s_set));
        NftElement port = Assert.Single(ns.View.GetElements(s_ports));
        Assert.Equal("tcp . 8080 comment \"web\" : 10.0.0.2 . 80", port.ToString());
        Assert.Equal(port, ns.View.FindElement(s_ports, port.Key));
        IReadOnlyList<NftRule> rules = ns.View.GetRules(s_table, "base");
        Assert.Equal([null, "both"], rules.Select(r => r.Comment));
        Assert.All(rules, r => Assert.NotEqual(0ul, r.Handle));
        Assert.NotEqual(0, rules[0].Expressions.Length);
    }

    [Fact]
    public void Ten_thousand_elements_come_and_go_in_one_transaction()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply([new NftTableAdd(ns.Namespace, s_table), new NftSetAdd(ns.Namespace, s_map)]);
        NftChange[] additions = new NftChange[10_000];
        NftChange[] deletions = new NftChange[additions.Length];
        for (int i = 0; i < additions.Length; i++)
        {
            additions[i] = new NftElementAdd(ns.Namespace, s_map, Ip(i), NftVerdict.Drop, $"container {i} with a name of about the usual length of sixty-four");
            deletions[i] = new NftElementDelete(ns.Namespace, s_map, Ip(i));
        }

        Assert.All(ns.Socket.Apply(additions), a => Assert.NotNull(a.Undo));
        Assert.Equal(additions.Length, ns.View.GetElements(s_map).Count);
        Assert.Equal(Errno.EEXIST, Assert.Throws<ChangeException>(() => ns.Socket.Apply(additions)).Errno);

        // One more and one less, with ten thousand there.
        ns.Socket.Apply([new NftElementAdd(ns.Namespace, s_map, Ip(20_000), NftVerdict.Accept)]);
        Assert.Equal(NftVerdict.Accept, ns.View.FindElement(s_map, Ip(20_000))!.Data);
        ns.Socket.Apply([new NftElementDelete(ns.Namespace, s_map, Ip(20_000))]);

        IReadOnlyList<Applied> deleted = ns.Socket.Apply(deletions);
        Assert.Equal(additions[9_999], deleted[9_999].Undo);
        Assert.Empty(ns.View.GetElements(s_map));
        Assert.All(ns.Socket.Apply(deletions), a => Assert.Null(a.Undo));
    }

    [Fact]
    public void Without_the_privilege_the_error_says_so()
    {
        Assert.SkipUnless(LibC.geteuid() != 0, "only for those who are not root");
        using NetworkNamespace ns = NetworkNamespace.OpenCurrent();
        using NftablesSocket socket = new(ns);
        ChangeException e = Assert.Throws<ChangeException>(() => socket.Apply([new NftTableAdd(ns, s_table), new NftSetAdd(ns, s_set)]));
        Assert.Equal("add table inet test: operation not permitted", e.Message);
    }

    private static NftValue Ip(int n) => NftValue.Of(new IPAddress([10, 0, (byte)(n >> 8), (byte)n]));

    // One element a set: the kernel lists them in an order of its own.
    private static List<NftChange> Everything(NetworkNamespace ns)
    {
        const string Out = "out-10.0.0.0/24";
        NftSelector byPort = new(NftField.L4Proto, NftField.ThDport);
        return
        [
            new NftTableAdd(ns, s_table, "all there is"),
            new NftSetAdd(ns, s_map, "who; goes \"where\""),
            new NftSetAdd(ns, s_set),
            new NftSetAdd(ns, s_ports),
            new NftChainAdd(ns, s_table, Out, null, "beyond 10.0.0.0/24")
            {
                Rules =
                [
                    new NftRuleBody([NftSubnetMatch.Destination(IpPrefix.Parse("10.0.0.0/24")), new NftDecide(NftVerdict.Return)], "home; {it's}"),
                    new NftRuleBody([NftSubnetMatch.Destination(IpPrefix.Parse("fd00::/60"), not: true), new NftMasquerade()]),
                ],
            },
            new NftChainAdd(ns, s_table, "base", new NftHook(NftChainType.Nat, NftHookPoint.Postrouting, NftHook.SourceNat, NftVerdictKind.Accept), "who leaves"),
            new NftChainAdd(ns, s_table, "pre", new NftHook(NftChainType.Nat, NftHookPoint.Prerouting, NftHook.DestinationNat))
            {
                Rules = [new NftRuleBody([new NftMatch(NftField.FibDaddrType, NftValue.Local), new NftDnatMap(NftFamily.IPv4, byPort, s_ports)])],
            },
            new NftRuleAdd(ns, s_table, "base", new NftRuleBody([new NftVerdictMap(new NftSelector(NftField.IpSaddr), s_map)])),
            new NftRuleAdd(ns, s_table, "base", new NftRuleBody(
                [new NftSetMatch(new NftSelector(NftField.IpDaddr), s_set, Not: true), new NftDecide(NftVerdict.Jump(Out))], "both")),
            new NftElementAdd(ns, s_map, Ip(1), NftVerdict.Goto(Out), new string('c', 200)),
            new NftElementAdd(ns, s_set, Ip(2), null, "it's $HOME `x` \\n {a;b} é"),
            new NftElementAdd(
                ns,
                s_ports,
                NftValue.Concat(NftValue.Protocol(ProtocolType.Tcp), NftValue.Port(8080)),
                NftValue.Concat(Ip(2), NftValue.Port(80)),
                "web"),
        ];
    }
}
