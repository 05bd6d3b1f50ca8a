using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>Puts rules into a chain in the place of all that are there. There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Name">The chain.</param>
public sealed record NftChainRefill(NetworkNamespace Namespace, NftTable Table, string Name) : NftChange(Namespace)
{
    /// <summary>The rules it has afterwards.</summary>
    public IReadOnlyList<NftRuleBody> Rules { get; init; } = [];

    internal override NftCommand Command => new(NftRuleAdd.Append(new StringBuilder($"flush chain {Table} {Name}"), Table, Name, Rules));

    /// <inheritdoc/>
    public override string Operation => $"restore the rules of chain {Table} {Name}";

    /// <summary>Whether both would put the same rules into the same chain of the same namespace.</summary>
    public bool Equals(NftChainRefill? other) => other is not null && Namespace == other.Namespace && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    internal override void Write(NetlinkBatch batch)
    {
        NftChainFlush.Write(batch, Table, Name);
        NftRuleAdd.Write(batch, Table, Name, Rules);
    }

    internal override bool NeedsProgram => NftChainAdd.AnyNeedsProgram(Rules);

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) =>
        NftSharedRules.Missing(world.Nftables(Namespace), [new NftChainAdd(Namespace, Table, Name) { Rules = Rules }]).Count == 0;

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).FlushChain(Table, Name);
        foreach (NftRuleBody rule in Rules)
        {
            world.Nftables(Namespace).AddRule(Operation, Table, Name, rule);
        }

        return new Applied(this);
    }
}

/// <summary>Deletes all rules of a chain (NFT_MSG_DELRULE without a handle). There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
public sealed record NftChainFlush(NetworkNamespace Namespace, NftTable Table, string Name) : NftChange(Namespace)
{
    internal override NftCommand Command => new($"flush chain {Table} {Name}");

    /// <inheritdoc/>
    public override string Operation => $"flush chain {Table} {Name}";

    internal override void Write(NetlinkBatch batch) => Write(batch, Table, Name);

    internal static void Write(NetlinkBatch batch, NftTable table, string chain)
    {
        Begin(batch, Nf.NFT_MSG_DELRULE, 0, table);
        batch.Attribute(Nf.NFTA_RULE_TABLE, table.Name);
        batch.Attribute(Nf.NFTA_RULE_CHAIN, chain);
    }

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => world.Nftables(Namespace).GetRules(Table, Name).Count == 0;

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).FlushChain(Table, Name);
        return new Applied(this);
    }
}
