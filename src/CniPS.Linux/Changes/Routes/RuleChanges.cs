using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Adds a routing rule (RTM_NEWRULE). It fails where the same one is there.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Rule">The rule.</param>
public sealed record RuleAdd(NetworkNamespace Namespace, RuleEntry Rule) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, RuleMessage.Command("add", Rule));

    /// <inheritdoc/>
    public override string Operation => $"add rule {Rule}";

    internal override void Write(NetlinkBatch batch) => RuleMessage.Write(batch, Fra.RTM_NEWRULE, Nl.NLM_F_CREATE | Nl.NLM_F_EXCL, Rule);

    internal override Applied Made(in NetlinkReply reply) => new(this, new RuleDelete(Namespace, Rule));

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).Rules.Exists(other => RuleMessage.IsMeant(Rule, other));

    internal override Applied Plan(PlannedWorld world)
    {
        if (IsSo(world) == true)
        {
            throw new LinuxException(Operation, Errno.EEXIST);
        }

        world.Network(Namespace).Rules.Add(Rule);
        return new Applied(this, new RuleDelete(Namespace, Rule));
    }
}

/// <summary>Deletes a routing rule (RTM_DELRULE). One that is gone counts as deleted.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Rule">The rule; without a priority the first one of that source and table.</param>
public sealed record RuleDelete(NetworkNamespace Namespace, RuleEntry Rule) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, RuleMessage.Command("del", Rule));

    /// <inheritdoc/>
    public override string Operation => $"delete rule {Rule}";

    internal override void Write(NetlinkBatch batch) => RuleMessage.Write(batch, Fra.RTM_DELRULE, 0, Rule);

    internal override Applied Made(in NetlinkReply reply) => new(this, new RuleAdd(Namespace, Rule));

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override bool? IsSo(PlannedWorld world) => !world.Network(Namespace).Rules.Exists(other => RuleMessage.IsMeant(Rule, other));

    internal override Applied Plan(PlannedWorld world)
    {
        int removed = world.Network(Namespace).Rules.RemoveAll(other => RuleMessage.IsMeant(Rule, other));
        return new Applied(this, removed > 0 ? new RuleAdd(Namespace, Rule) : null);
    }
}

/// <summary>What both share.</summary>
internal static class RuleMessage
{
    internal static string Command(string verb, RuleEntry rule) => $"{(rule.Source.IsV6 ? "-6 " : "")}rule {verb} {rule}";

    internal static bool IsMeant(RuleEntry wanted, RuleEntry other) =>
        other.Source == wanted.Source && other.Table == wanted.Table && (wanted.Priority is null || wanted.Priority == other.Priority);

    internal static void Write(NetlinkBatch batch, ushort type, int flags, RuleEntry rule)
    {
        batch.Begin(type, (ushort)(flags | Nl.NLM_F_ACK), new fib_rule_hdr
        {
            family = (byte)(rule.Source.IsV6 ? LibC.AF_INET6 : LibC.AF_INET),
            src_len = (byte)rule.Source.Length,
            table = rule.Table is > 0 and < 256 ? (byte)rule.Table : Rt.RT_TABLE_UNSPEC,
            action = Fra.FR_ACT_TO_TBL,
        });
        if (rule.Source.Length > 0)
        {
            batch.Attribute(Fra.FRA_SRC, rule.Source.Address);
        }

        batch.Attribute(Fra.FRA_TABLE, rule.Table);
        if (rule.Priority is { } priority)
        {
            batch.Attribute(Fra.FRA_PRIORITY, priority);
        }
    }
}
