using System.Collections.Generic;
using System.Globalization;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>Adds a rule at the end of a chain (NFT_MSG_NEWRULE).</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">What the rule says.</param>
public sealed record NftRuleAdd(NetworkNamespace Namespace, NftTable Table, string Chain, NftRuleBody Rule) : NftChange(Namespace)
{
    internal override NftCommand Command => new($"add rule {Table} {Chain}", Rule.ToString());

    /// <inheritdoc/>
    public override string Operation => $"add a rule to chain {Table} {Chain}";

    // The kernel chooses the handle: the echo says which.
    internal override void Write(NetlinkBatch batch) => Write(batch, Table, Chain, Rule, Nl.NLM_F_ECHO);

    internal static void Write(NetlinkBatch batch, NftTable table, string chain, NftRuleBody rule, ushort flags)
    {
        // Not 1, which named sets have, and another one for each message.
        uint ownSet = (uint)batch.Count + 2;
        rule.WriteSets(batch, table, ownSet);
        Begin(batch, Nf.NFT_MSG_NEWRULE, (ushort)(flags | Nl.NLM_F_CREATE | Nl.NLM_F_APPEND), table);
        batch.Attribute(Nf.NFTA_RULE_TABLE, table.Name);
        batch.Attribute(Nf.NFTA_RULE_CHAIN, chain);
        rule.Write(batch, table.Family, ownSet);
    }

    /// <summary>Writes the messages of several rules.</summary>
    internal static void Write(NetlinkBatch batch, NftTable table, string chain, IReadOnlyList<NftRuleBody> rules)
    {
        foreach (NftRuleBody rule in rules)
        {
            Write(batch, table, chain, rule, 0);
        }
    }

    /// <summary>Adds the commands of several rules to others: what stands in one line is one transaction.</summary>
    internal static string Append(StringBuilder commands, NftTable table, string chain, IReadOnlyList<NftRuleBody> rules)
    {
        foreach (NftRuleBody rule in rules)
        {
            commands.Append($"; add rule {table} {chain} {rule}");
        }

        return commands.ToString();
    }

    internal override bool NeedsProgram => Rule.NeedsProgram;

    internal override Applied Made(in NetlinkReply reply) => new(
        this,
        reply.Data.IsEmpty ? null : new NftRuleDelete(Namespace, Table, Chain, NftRule.Read(NftMessage.Attributes(reply.Data.Span)).Handle));

    internal override bool? IsSo(PlannedWorld world) => world.Nftables(Namespace).HasRule(Table, Chain, Rule);

    internal override Applied Plan(PlannedWorld world) =>
        new(this, new NftRuleDelete(Namespace, Table, Chain, world.Nftables(Namespace).AddRule(Operation, Table, Chain, Rule)));
}

/// <summary>Deletes a rule (NFT_MSG_DELRULE). There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Handle">The rule's number in the table.</param>
public sealed record NftRuleDelete(NetworkNamespace Namespace, NftTable Table, string Chain, ulong Handle) : NftChange(Namespace)
{
    internal override NftCommand Command =>
        new(string.Create(CultureInfo.InvariantCulture, $"delete rule {Table} {Chain} handle {Handle}"));

    /// <inheritdoc/>
    public override string Operation => $"delete a rule from chain {Table} {Chain}";

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_DELRULE, 0, Table);
        batch.Attribute(Nf.NFTA_RULE_TABLE, Table.Name);
        batch.Attribute(Nf.NFTA_RULE_CHAIN, Chain);
        batch.AttributeBigEndian(Nf.NFTA_RULE_HANDLE, Handle);
    }

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world)
    {
        foreach (NftRule rule in world.Nftables(Namespace).GetRules(Table, Chain))
        {
            if (rule.Handle == Handle)
            {
                return false;
            }
        }

        return true;
    }

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).DeleteRule(Table, Chain, Handle);
        return new Applied(this);
    }
}
