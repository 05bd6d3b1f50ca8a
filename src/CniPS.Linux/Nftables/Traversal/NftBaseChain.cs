using System.Collections.Generic;
using System.Globalization;

namespace CniPS.Linux.Nftables;

/// <summary>A base chain of nf_tables. Following a packet through it goes where the kernel would go; where a rule asks for what is not known, both ways are seen.</summary>
internal sealed class NftBaseChain(NftRuleset rules, DumpedChain chain) : PacketChain
{
    // As deep as nf_tables lets chains be nested (NFT_JUMP_STACK_SIZE).
    private const int Deepest = 16;

    public override string Name => $"{chain.Table} {chain.Name}";

    public override int Priority => chain.Priority;

    public override bool IsNat => chain.Type == "nat";

    public override (NftTable Table, string Chain)? BaseChain => (chain.Table, chain.Name);

    public override ChainPassage Pass(FilteredPacket packet)
    {
        PacketFacts facts = new(packet);
        Course course = new();
        Decision? decided = Walk(chain, packet, facts, course, depth: 0);
        bool drops = decided?.IsDropped ?? chain.DropsAtEnd;
        bool isCertain = drops ? course.MayAccept.Count == 0 : course.MayDrop.Count == 0;
        return new ChainPassage(drops, isCertain)
        {
            IsRejected = decided?.IsRejected ?? false,
            Rule = decided?.Rule,
            Doubts = drops ? course.MayAccept : course.MayDrop,
            Translation = course.Translation,
            Mark = facts.Mark,
            IsUntracked = facts.IsUntracked,
        };
    }

    // Null: the end was reached, or the rules went back.
    private Decision? Walk(DumpedChain at, FilteredPacket packet, PacketFacts facts, Course course, int depth)
    {
        foreach (DumpedRule rule in at.Rules)
        {
            RuleReading reading = new(rules, at.Table, packet, facts);
            RuleMatch match = reading.Ask(rule);
            if (match == RuleMatch.No)
            {
                continue;
            }

            string place = string.Create(CultureInfo.InvariantCulture, $"{at.Table} {at.Name} handle {rule.Rule.Handle}: {reading.Text}");
            if (match == RuleMatch.Maybe || reading.IsVague)
            {
                Doubt(at, reading, packet, facts, course, depth, place);
                continue;
            }

            if (reading.Translation is { } translation)
            {
                course.Translation = translation;
                return new Decision(false, false, null);
            }

            switch (reading.Verdict)
            {
                case { Kind: NftVerdictKind.Accept }: return new Decision(false, false, Describe(at, rule, reading));
                case { Kind: NftVerdictKind.Drop }: return new Decision(true, reading.IsRejected, Describe(at, rule, reading));
                case { Kind: NftVerdictKind.Return }: return null;
                case { Kind: NftVerdictKind.Jump or NftVerdictKind.Goto } to:
                    if (depth < Deepest && rules.Find(at.Table, to.Chain!) is { } next && Walk(next, packet, facts, course, depth + 1) is { } decided)
                    {
                        return decided;
                    }

                    if (to.Kind == NftVerdictKind.Goto)
                    {
                        return null;
                    }

                    break;
                case { } other when (int)other.Kind > 1: // queued: another program decides
                    course.MayDrop.Add(place);
                    return new Decision(false, false, null);
            }
        }

        return null;
    }

    private void Doubt(DumpedChain at, RuleReading reading, FilteredPacket packet, PacketFacts facts, Course course, int depth, string place)
    {
        switch (reading.Verdict)
        {
            case { Kind: NftVerdictKind.Drop }: course.MayDrop.Add(place); break;
            case { Kind: NftVerdictKind.Accept or NftVerdictKind.Return }: course.MayAccept.Add(place); break;
            case { Kind: NftVerdictKind.Jump or NftVerdictKind.Goto } to when depth < Deepest && rules.Find(at.Table, to.Chain!) is { } next:
                if (Walk(next, packet, facts, new Course(), depth + 1) is { } decided)
                {
                    (decided.IsDropped ? course.MayDrop : course.MayAccept).Add(place);
                }

                break;
            default:
                if (reading.IsVague)
                {
                    course.MayDrop.Add(place);
                    course.MayAccept.Add(place);
                }

                break;
        }
    }

    internal static DecidingRule Describe(DumpedChain at, DumpedRule rule, RuleReading reading)
    {
        string where = $"{at.Table} {at.Name}";
        return new DecidingRule(where, reading.Text)
        {
            Deletion = string.Create(CultureInfo.InvariantCulture, $"nft delete rule {where} handle {rule.Rule.Handle}"),
            Table = at.Table,
            ChainName = at.Name,
            Handle = rule.Rule.Handle,
            Packets = rule.Packets,
        };
    }

    private sealed record Decision(bool IsDropped, bool IsRejected, DecidingRule? Rule);

    private sealed class Course
    {
        internal List<string> MayDrop { get; } = [];

        internal List<string> MayAccept { get; } = [];

        internal Translation? Translation { get; set; }
    }
}
