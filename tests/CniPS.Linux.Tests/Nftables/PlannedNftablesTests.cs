using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Machine;
using CniPS.Linux.Nftables;
using CniPS.Linux.Route;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>A plan answers as the kernel would after the same changes, and changes nothing.</summary>
public sealed class PlannedNftablesTests
{
    private static readonly IpPrefix s_one = IpPrefix.Parse("10.15.20.2/24");
    private static readonly IpPrefix s_two = IpPrefix.Parse("10.15.20.3/24");
    private static readonly IpPrefix s_six = IpPrefix.Parse("fd00:1::2/64");

    [Fact]
    public void A_plan_over_nothing_answers_as_the_kernel_would() => Compare(before: []);

    [Fact]
    public void A_plan_over_what_is_there_answers_as_the_kernel_would() => Compare(before: [s_one]);

    [Fact]
    public void What_the_kernel_would_refuse_is_refused()
    {
        using NftTestNamespace ns = new();
        using LinuxHost host = new(Linux.Namespaces.NetworkNamespace.Open(ns.Namespace.Path));
        PlannedHost plan = new(host);
        NftTable table = Masquerade.Table;
        NftSet set = Masquerade.SetOf(s_one);
        NftSet map = new(table, "map4", NftType.IPv4Address, NftType.Verdict);
        NftElementAdd add = Masquerade.Add(ns.Namespace, s_one, "one");
        Refused(Errno.ENOENT, add);
        Refused(Errno.ENOENT, new NftChainAdd(ns.Namespace, table, "c"));
        Refused(Errno.ENOENT, new NftSetAdd(ns.Namespace, set));
        plan.Apply([new NftTableAdd(ns.Namespace, table), new NftSetAdd(ns.Namespace, set)]);
        Refused(Errno.ENOENT, new NftRuleAdd(ns.Namespace, table, "c", new NftRuleBody([new NftMasquerade()])));
        plan.Apply([new NftSetAdd(ns.Namespace, map), add]);
        Refused(Errno.ENOENT, new NftElementAdd(ns.Namespace, map, NftValue.Of(s_one.Address), NftVerdict.Goto("c")));
        Refused(Errno.EEXIST, add);
        Refused(Errno.EBUSY, new NftSetDelete(ns.Namespace, set) { OnlyEmpty = true });
        Refused(Errno.EBUSY, new NftTableDelete(ns.Namespace, table) { OnlyEmpty = true });
        Assert.Equal("", ns.Ruleset);

        void Refused(int errno, NftChange change)
        {
            ChangeException e = Assert.Throws<ChangeException>(() => plan.Apply([change]));
            Assert.Equal(errno, e.Errno);
            Assert.StartsWith(change.Operation + ": ", e.Message);
        }
    }

    [Fact]
    public void The_undos_of_a_plan_lead_back()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply([.. Masquerade.Missing(ns.View, ns.Namespace, s_one), Masquerade.Add(ns.Namespace, s_one, "one")]);
        using LinuxHost host = new(Linux.Namespaces.NetworkNamespace.Open(ns.Namespace.Path));
        PlannedHost plan = new(host);
        INftablesView view = plan.Nftables(ns.Namespace);
        string before = Describe(view);
        IReadOnlyList<Applied> made = plan.Apply(
        [
            .. Masquerade.Missing(view, ns.Namespace, s_six),
            .. Masquerade.Assign(view, ns.Namespace, s_one, "two"),
            new NftRuleAdd(ns.Namespace, Masquerade.Table, Masquerade.SetOf(s_one).Name, new NftRuleBody([new NftDecide(NftVerdict.Accept)], "more")),
        ]);
        Assert.NotEqual(before, Describe(view));
        plan.Apply([.. made.Reverse().Select(a => a.Undo).OfType<Change>()]);
        Assert.Equal(before, Describe(view));
    }

    private static void Compare(IpPrefix[] before)
    {
        using NftTestNamespace ns = new();
        foreach (IpPrefix address in before)
        {
            ns.Socket.Apply([.. Masquerade.Missing(ns.View, ns.Namespace, address), Masquerade.Add(ns.Namespace, address, "before")]);
        }

        string untouched = ns.Ruleset;
        using LinuxHost host = new(Linux.Namespaces.NetworkNamespace.Open(ns.Namespace.Path));
        PlannedHost plan = new(host);
        string planned = Run(changes => plan.Apply(changes), plan.Nftables(ns.Namespace));
        Assert.Equal(untouched, ns.Ruleset);
        string done = Run(changes => ns.Socket.Apply([.. changes.Cast<NftChange>()]), ns.View);
        Assert.Equal(done, planned);

        string Run(Func<Change[], IReadOnlyList<Applied>> apply, INftablesView view)
        {
            List<string> seen = [];
            void Step(params IEnumerable<NftChange> changes)
            {
                NftChange[] list = [.. changes];
                seen.AddRange(list.Select(c => c.Text));
                seen.AddRange(apply(list).Select(a => $"undo {(a.Change is NftRuleAdd ? "rule" : a.Undo?.Text ?? "none")}"));
                seen.Add(Describe(view));
            }

            Step(Masquerade.Missing(view, ns.Namespace, s_one));
            Step(Masquerade.Missing(view, ns.Namespace, s_one));
            Step(Masquerade.Assign(view, ns.Namespace, s_one, "one"));
            Step([.. Masquerade.Missing(view, ns.Namespace, s_six), .. Masquerade.Assign(view, ns.Namespace, s_six, "one")]);
            Step(Masquerade.Assign(view, ns.Namespace, s_two, "two"));
            Step(Masquerade.Remove(ns.Namespace, s_six));
            Step(Masquerade.Remove(ns.Namespace, s_six));
            Step(Masquerade.Unused(view, ns.Namespace));
            Step(Masquerade.Remove(ns.Namespace, s_one), Masquerade.Remove(ns.Namespace, s_two));
            Step(new NftRuleAdd(ns.Namespace, Masquerade.Table, Masquerade.SetOf(s_one).Name, new NftRuleBody([new NftDecide(NftVerdict.Accept)], "more")));
            Step(new NftChainFlush(ns.Namespace, Masquerade.Table, Masquerade.SetOf(s_one).Name));
            Step(Masquerade.Unused(view, ns.Namespace));
            return string.Join('\n', seen);
        }
    }

    private static string Describe(INftablesView view)
    {
        List<string> lines = [view.HasTable(Masquerade.Table) ? "table" : "no table"];
        foreach (string chain in view.GetChains(Masquerade.Table).Order(StringComparer.Ordinal))
        {
            Assert.True(view.HasChain(Masquerade.Table, chain));
            lines.Add(chain);
            lines.AddRange(view.GetRules(Masquerade.Table, chain).Select(r => $"  rule {r.Comment}"));
        }

        lines.AddRange(view.GetSets(Masquerade.Table).Order(StringComparer.Ordinal));
        lines.AddRange(Masquerade.List(view).Select(e => e.ToString()).Order(StringComparer.Ordinal));
        foreach (IpPrefix address in (IpPrefix[])[s_one, s_two, s_six])
        {
            lines.Add($"{address}: {Masquerade.FindOwner(view, address)}");
        }

        return string.Join('\n', lines);
    }
}
