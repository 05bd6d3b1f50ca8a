using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Iptables;
using CniPS.Linux.Machine;
using CniPS.Tests;
using Xunit;

namespace CniPS.Linux.Tests.Changes;

/// <summary>iptables for real, in both of its variants and both IP versions.</summary>
public sealed class IptablesChangeTests : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public static TheoryData<string, bool> Variants => new() { { "nft", false }, { "nft", true }, { "legacy", false }, { "legacy", true } };

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _sandbox.Dispose();
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_batch_is_made_and_undone(string variant, bool v6)
    {
        IptablesTable nat = Choose(variant, v6);
        IReadOnlyList<Applied> made = _sandbox.Host.Apply(Batch(nat));
        string rules = Print(nat);
        Assert.Contains("-N MINE", rules);
        Assert.Contains("-A MINE -p tcp -m comment --comment \"name: \\\"n1\\\" it\\'s\" -m tcp --dport 80 -j RETURN", rules);
        Assert.Contains("-A PREROUTING -m addrtype --dst-type LOCAL -j MINE\n-A PREROUTING -j ACCEPT", rules);
        Assert.Contains($"-A MINE -s {(v6 ? "fd00::1/128" : "10.0.0.1/32")} -j RETURN", rules);

        IReadOnlyList<Applied> again = _sandbox.Host.Apply(Batch(nat));
        Assert.Equal(rules, Print(nat));
        Assert.All(again, applied => Assert.Null(applied.Undo));

        _sandbox.Host.Apply([.. made.Reverse().Select(applied => applied.Undo!)]);
        Assert.DoesNotContain("MINE", Print(nat));
        Assert.DoesNotContain("-A PREROUTING", Print(nat));
        Assert.All(_sandbox.Host.Apply([.. made.Reverse().Select(applied => applied.Undo!)]), applied => Assert.Null(applied.Undo));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_is_there_is_told(string variant, bool v6)
    {
        IptablesTable nat = Choose(variant, v6);
        IIptablesView view = _sandbox.Host.Iptables(_sandbox.Host.Namespace);
        Assert.True(view.IsAvailable(v6));
        Assert.False(view.MayHave(nat, "MINE"));
        _sandbox.Host.Apply(Batch(nat));
        Assert.True(view.MayHave(nat));
        Assert.True(view.MayHave(nat, "MINE"));
        IptablesContent content = view.Read(nat);
        Assert.True(content.HasChain("MINE") && content.IsUsed("MINE"));
        Assert.Contains("POSTROUTING", content.Chains);
        Assert.Equal(2, content.RulesOf("MINE").Count);
        Assert.Equal("name: \"n1\" it's", content.RulesOf("MINE")[0].Comment);
        Assert.All(Batch(nat).OfType<IptablesRuleAdd>(), add => Assert.True(content.HasRule(add.Chain, add.Rule)));
        _sandbox.Host.Apply([new IptablesChainFlush(_sandbox.Host.Namespace, nat, "MINE")]);
        Assert.Empty(view.Read(nat).RulesOf("MINE"));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_refusal_changes_nothing_and_has_the_words_of_iptables(string variant, bool v6)
    {
        IptablesTable nat = Choose(variant, v6);
        string before = Print(nat);
        ChangeException e = Assert.Throws<ChangeException>(() => _sandbox.Host.Apply(
        [
            new IptablesChainAdd(_sandbox.Host.Namespace, nat, "MINE"),
            new IptablesRuleAdd(_sandbox.Host.Namespace, nat, "MINE", new IptablesRule("-j", "NOWHERE")),
            new IptablesRuleAdd(_sandbox.Host.Namespace, nat, "MINE", new IptablesRule("-j", "ACCEPT")),
        ]));
        Assert.IsType<IptablesRuleAdd>(e.Change);
        Assert.Empty(e.Made);
        Assert.StartsWith($"add a rule to chain {nat.Program} -t nat MINE: ", e.Message);
        Assert.Contains("NOWHERE", e.Message);
        Assert.Equal(before, Print(nat));
    }

    [Fact]
    public void What_was_committed_before_a_refusal_is_reported()
    {
        IptablesTable nat = Choose("nft", false), filter = new(false, "filter");
        ChangeException e = Assert.Throws<ChangeException>(() => _sandbox.Host.Apply(
        [
            new IptablesChainAdd(_sandbox.Host.Namespace, nat, "MINE"),
            new IptablesRuleAdd(_sandbox.Host.Namespace, filter, "NOWHERE", new IptablesRule("-j", "ACCEPT")),
            new IptablesChainAdd(_sandbox.Host.Namespace, new IptablesTable(true, "nat"), "MINE"),
        ]));
        Assert.Equal("NOWHERE", Assert.IsType<IptablesRuleAdd>(e.Change).Chain);
        Assert.Equal("MINE", ((IptablesChange)Assert.Single(e.Made).Change).Chain);
        Assert.Contains("-N MINE", Print(nat));
        Assert.DoesNotContain("-N MINE", Print(new IptablesTable(true, "nat")));
    }

    [Fact]
    public void A_rule_that_is_there_twice_is_deleted_twice()
    {
        IptablesTable nat = Choose("nft", false);
        _sandbox.RunOnHost("iptables -t nat -A POSTROUTING -s 10.1.2.3 -j ACCEPT");
        _sandbox.RunOnHost("iptables -t nat -A POSTROUTING -s 10.1.2.3 -j ACCEPT");
        _sandbox.Host.Apply([new IptablesRuleDelete(_sandbox.Host.Namespace, nat, "POSTROUTING", new IptablesRule("-s", "10.1.2.3", "-j", "ACCEPT"))]);
        Assert.DoesNotContain("-A POSTROUTING", Print(nat));
    }

    [Fact]
    public void A_plan_answers_as_iptables_would_and_changes_nothing()
    {
        IptablesTable nat = Choose("nft", false);
        string before = Print(nat);
        PlannedHost plan = new(_sandbox.Host);
        IReadOnlyList<Applied> planned = plan.Apply(Batch(nat));
        IptablesContent seen = plan.Iptables(plan.Namespace).Read(nat);
        Assert.True(plan.Iptables(plan.Namespace).MayHave(nat, "MINE"));
        Assert.Equal(before, Print(nat));

        IReadOnlyList<Applied> made = _sandbox.Host.Apply(Batch(nat));
        Assert.Equal(made.Select(applied => applied.Undo?.Text), planned.Select(applied => applied.Undo?.Text));
        IptablesContent real = _sandbox.Host.Iptables(_sandbox.Host.Namespace).Read(nat);
        Assert.Equal(real.Chains.Order(), seen.Chains.Order());
        Assert.All(real.Chains, chain => Assert.Equal(real.RulesOf(chain), seen.RulesOf(chain)));
        plan.Apply([.. planned.Reverse().Select(applied => applied.Undo!)]);
        Assert.False(plan.Iptables(plan.Namespace).Read(nat).HasChain("MINE"));
    }

    [Fact]
    public void The_texts_do_the_same_in_a_shell()
    {
        IptablesTable nat = Choose("nft", false);
        IReadOnlyList<Applied> made = _sandbox.Host.Apply(Batch(nat));
        string after = Print(nat);
        Sandbox.Run(string.Join('\n', made.Reverse().Select(applied => applied.Undo!.Text)));
        Assert.DoesNotContain("MINE", Print(nat));
        Sandbox.Run(string.Join('\n', made.Select(applied => applied.Change.Text)));
        Assert.Equal(after, Print(nat));
        Sandbox.Run(new IptablesChainFlush(_sandbox.Host.Namespace, nat, "MINE").Text);
        Assert.DoesNotContain("-A MINE", Print(nat));
    }

    private List<IptablesChange> Batch(IptablesTable nat) =>
    [
        new IptablesRuleAdd(_sandbox.Host.Namespace, nat, "PREROUTING", new IptablesRule("-j", "ACCEPT")),
        new IptablesChainAdd(_sandbox.Host.Namespace, nat, "MINE"),
        new IptablesRuleAdd(
            _sandbox.Host.Namespace, nat, "MINE", new IptablesRule("-m", "comment", "--comment", "name: \"n1\" it's", "-p", "tcp", "--dport", "80", "-j", "RETURN")),
        new IptablesRuleAdd(_sandbox.Host.Namespace, nat, "MINE", new IptablesRule("-s", nat.IsV6 ? "fd00::1" : "10.0.0.1", "-j", "RETURN")),
        new IptablesRuleAdd(_sandbox.Host.Namespace, nat, "PREROUTING", new IptablesRule("-m", "addrtype", "--dst-type", "LOCAL", "-j", "MINE")) { First = true },
    ];

    // The variant that is first on the path is the one that counts, as for a person.
    private IptablesTable Choose(string variant, bool v6)
    {
        foreach (string name in (string[])["iptables", "ip6tables"])
        {
            Assert.SkipUnless(File.Exists($"/usr/sbin/{name}-{variant}"), $"{name}-{variant} is not installed");
            foreach (string end in (string[])["", "-save", "-restore"])
            {
                File.CreateSymbolicLink(Path.Combine(_sandbox.Folder, name + end), $"/usr/sbin/{name}-{variant}{end}");
            }
        }

        Environment.SetEnvironmentVariable("PATH", $"{_sandbox.Folder}:{_path}");
        return new IptablesTable(v6, "nat");
    }

    private string Print(IptablesTable table) => _sandbox.RunOnHost($"{_sandbox.Folder}/{table.Program} -w -t {table.Name} -S 2>&1 | grep -v '^#'");
}
