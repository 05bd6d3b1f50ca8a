using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Iptables;

/// <summary>A base chain of the legacy iptables. Following a packet through it asks its rules as they are written.</summary>
internal sealed class LegacyChain(bool v6, string table, string chain, IptablesContent content) : PacketChain
{
    private const int Deepest = 16;

    private string Program => (v6 ? "ip6tables" : "iptables") + "-legacy";

    public override string Name => $"{Program} {table} {chain}";

    // NF_IP_PRI_* of the hooks at which each table stands.
    public override int Priority => (table, chain) switch
    {
        ("raw", _) => -300,
        ("mangle", _) => -150,
        ("nat", "PREROUTING" or "OUTPUT") => NftHook.DestinationNat,
        ("nat", _) => NftHook.SourceNat,
        ("security", _) => 50,
        _ => NftHook.Filter,
    };

    public override bool IsNat => table == "nat";

    public override string Acceptance(FilteredPacket packet) => $"{Program} -t {table} -A {chain} -s {packet.Source} -d {packet.Destination} -j ACCEPT";

    public override ChainPassage Pass(FilteredPacket packet)
    {
        Course course = new() { Mark = packet.Mark };
        (bool Drops, bool Rejects, DecidingRule? Rule)? decided = Walk(chain, packet, course, 0);
        bool drops = decided?.Drops ?? content.PolicyOf(chain) == "DROP";
        return new ChainPassage(drops, (drops ? course.MayAccept : course.MayDrop).Count == 0)
        {
            IsRejected = decided?.Rejects ?? false,
            Rule = decided?.Rule,
            Doubts = drops ? course.MayAccept : course.MayDrop,
            Translation = course.Translation,
            Mark = course.Mark,
        };
    }

    private (bool Drops, bool Rejects, DecidingRule? Rule)? Walk(string at, FilteredPacket packet, Course course, int depth)
    {
        foreach (IptablesRule rule in content.RulesOf(at))
        {
            packet = packet with { Mark = course.Mark };
            bool? fits = IptablesCondition.Fits(rule, packet);
            if (fits == false)
            {
                continue;
            }

            string? target = rule.Target;
            DecidingRule described = new($"{Program} {table} {at}", rule.ToString()) { Deletion = $"{Program} -t {table} -D {at} {rule}", Words = rule.Words };
            bool ends = target is "DROP" or "REJECT" or "ACCEPT";
            if (fits is null)
            {
                (target is "DROP" or "REJECT" ? course.MayDrop : course.MayAccept).Add(described.Chain + ": " + described.Text);
                continue;
            }

            course.Mark = target == "MARK" ? Marked(rule.ValueOf("--set-xmark"), course.Mark) : course.Mark;
            if (ends)
            {
                return (target != "ACCEPT", target == "REJECT", described);
            }

            if (target == "RETURN")
            {
                return null;
            }

            if (TranslationOf(rule) is { } translation)
            {
                course.Translation = translation;
                return (false, false, null);
            }

            if (target is not null && content.HasChain(target) && depth < Deepest && Walk(target, packet, course, depth + 1) is { } decided)
            {
                return decided;
            }
        }

        return null;
    }

    private static Translation? TranslationOf(IptablesRule rule) => rule.Target switch
    {
        "MASQUERADE" => new Translation(OfSource: true, null, 0) { ToLinkAddress = true },
        "REDIRECT" => new Translation(OfSource: false, null, Port(rule.ValueOf("--to-ports"))) { ToLinkAddress = true },
        "DNAT" => Target(rule.ValueOf("--to-destination"), ofSource: false),
        "SNAT" => Target(rule.ValueOf("--to-source"), ofSource: true),
        _ => null,
    };

    // value/mask: the mask's bits go, and the value's are turned (iptables-extensions(8), MARK).
    private static uint Marked(string? text, uint mark) =>
        text?.Split('/') is [var value, var mask] && IptablesCondition.Number(value) is { } bits && IptablesCondition.Number(mask) is { } cleared ? (mark & ~cleared) ^ bits : mark;

    private static Translation? Target(string? text, bool ofSource) =>
        IPEndPoint.TryParse(text?.Split('-')[0] ?? "", out IPEndPoint? end) ? new Translation(ofSource, end.Address, (ushort)end.Port) : null;

    private static ushort Port(string? text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? port : (ushort)0;

    private sealed class Course
    {
        internal List<string> MayDrop { get; } = [];

        internal List<string> MayAccept { get; } = [];

        internal Translation? Translation { get; set; }

        internal uint Mark { get; set; }
    }
}
