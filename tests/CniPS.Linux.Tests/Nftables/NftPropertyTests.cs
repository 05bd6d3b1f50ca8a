using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CniPS.Linux.Changes;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;
using CniPS.Linux.Tests.Fuzz;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CniPS.Linux.Tests.Nftables;

/// <summary>What holds for every value, element, chain and rule: what is written is read, by us and by the kernel; what says something else is told apart.</summary>
public sealed class NftPropertyTests
{
    private static readonly NftTable s_table = new(NftFamily.Inet, "t");

    [Fact]
    public void ElementsAreReadAsTheyWereWritten()
    {
        using NetworkNamespace ns = NetworkNamespace.OpenCurrent();
        Prop.ForAll(NftGenerators.Element.ToArbitrary(), pair =>
        {
            (NftSet set, NftElement element) = pair;
            List<NftElement> read = [];
            NftablesView.ReadElements(Written(new NftElementAdd(ns, set, element.Key, element.Data, element.Comment)), set, ref read, static (ref List<NftElement> list, NftElement one) => list.Add(one));
            return Assert.Single(read) == element;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AValueHasThePartsItWasMadeOf() =>
        Prop.ForAll(NftGenerators.Type.SelectMany(NftGenerators.Value).ToArbitrary(), static value =>
        {
            NftValue[] parts = [.. Enumerable.Range(0, value.Type.PartCount).Select(value.Part)];
            return (parts.Length == 1 ? parts[0] : NftValue.Concat(parts)) == value
                && NftValue.FromKernel(value.Type, value.Bytes) == value && value.Bytes.Length == value.Type.Length
                && value.ToString() == string.Join(" . ", (IEnumerable<NftValue>)parts);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ChainsAreReadAsTheyWereWritten()
    {
        using NetworkNamespace ns = NetworkNamespace.OpenCurrent();
        Prop.ForAll(NftGenerators.Hook.ToArbitrary(), hook => NftHook.Read(Written(new NftChainAdd(ns, s_table, "c", hook))) == hook).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ARuleSaysWhatItSays() =>
        Prop.ForAll(NftGenerators.Rule.ToArbitrary(), static rule =>
        {
            NftRule planned = rule.AsPlanned(7, s_table.Family);
            return planned.Handle == 7 && planned.Comment == rule.Comment && NftRuleComparison.IsSame(new NoNftables(), s_table, rule, planned);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void RulesThatReadDifferentlyAreNotTheSame() =>
        Prop.ForAll(NftGenerators.Rule.Two().ToArbitrary(), static rules =>
        {
            (NftRuleBody one, NftRuleBody other) = (rules.Item1, rules.Item2);
            bool reads = new NftRuleBody(one.Statements).ToString() == new NftRuleBody(other.Statements).ToString();
            bool areSets = one.Statements.Concat(other.Statements).Any(statement => statement is NftOwnSetMatch); // whose elements are elsewhere
            return areSets || NftRuleComparison.IsSame(new NoNftables(), s_table, one, other.AsPlanned(1, s_table.Family)) == reads;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ConditionsAreReadAsTheyAreWritten() =>
        Prop.ForAll(NftGenerators.Rule.ToArbitrary(), static rule =>
        {
            IReadOnlyList<NftStatement> asked = [.. rule.Statements.SkipLast(1)];
            bool v6 = asked.Any(statement => statement.ToString().StartsWith("ip6", StringComparison.Ordinal));
            string text = string.Join(' ', asked);
            IReadOnlyList<NftStatement> read = NftConditions.Read(text, v6);
            return string.Join(' ', read) == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyCommentFitsAndStaysAsItFits() =>
        Prop.ForAll<string>(static text =>
        {
            string? fitted = NftComment.Fit(text);
            return fitted is null || (NftComment.Fit(fitted) == fitted && Encoding.UTF8.GetByteCount(fitted) <= NftComment.MaxBytes && !fitted.Any(c => c == '"' || char.IsControl(c)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void TheKernelTakesAnyRuleAndGivesItBack()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply([new NftTableAdd(ns.Namespace, s_table), new NftChainAdd(ns.Namespace, s_table, "c")]);
        Prop.ForAll(NftGenerators.Rule.NonEmptyListOf().ToArbitrary(), rules =>
        {
            ns.Socket.Apply([new NftChainFlush(ns.Namespace, s_table, "c"), .. rules.Select(rule => new NftRuleAdd(ns.Namespace, s_table, "c", rule))]);
            IReadOnlyList<NftRule> there = ns.View.GetRules(s_table, "c");
            Assert.Equal(rules.Select(rule => rule.Comment), there.Select(rule => rule.Comment));
            return rules.Zip(there).All(pair => NftRuleComparison.IsSame(ns.View, s_table, pair.First, pair.Second));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void TheKernelTakesAnyElementAndGivesItBack()
    {
        using NftTestNamespace ns = new();
        ns.Socket.Apply([new NftTableAdd(ns.Namespace, s_table)]);
        int number = 0;
        Prop.ForAll(NftGenerators.Element.Where(pair => pair.Element.Data is not NftVerdict { Chain: not null }).ToArbitrary(), pair =>
        {
            NftSet set = pair.Set with { Name = $"s{number++}" };
            ns.Socket.Apply([new NftSetAdd(ns.Namespace, set), new NftElementAdd(ns.Namespace, set, pair.Element.Key, pair.Element.Data, pair.Element.Comment)]);
            return ns.View.FindElement(set, pair.Element.Key) == pair.Element && Assert.Single(ns.View.GetElements(set)) == pair.Element;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    // What stands behind nfgenmsg in the change's last message.
    private static NetlinkAttributes Written(NftChange change)
    {
        NetlinkBatch batch = new();
        change.Write(batch);
        ReadOnlySpan<byte> rest = batch.Bytes;
        byte[] last = [];
        while (NetlinkMessage.TryTake(ref rest, out _, out ReadOnlySpan<byte> body))
        {
            last = body.ToArray();
        }

        return NftMessage.Attributes(last);
    }
}
