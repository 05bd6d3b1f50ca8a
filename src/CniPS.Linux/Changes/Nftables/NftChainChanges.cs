using System;
using System.Collections.Generic;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>
/// Adds a chain (NFT_MSG_NEWCHAIN), with the rules it is to begin with. Where the chain is there already nothing is added, so two who make
/// the same one at the same time never double its rules.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name, unique in the table.</param>
/// <param name="Hook">For a base chain: where it stands; null for one that is jumped to.</param>
/// <param name="Comment">Whom it serves.</param>
public sealed record NftChainAdd(NetworkNamespace Namespace, NftTable Table, string Name, NftHook? Hook = null, string? Comment = null)
    : NftChange(Namespace)
{
    /// <summary>Whom it serves, no longer than nft takes it.</summary>
    public string? Comment { get; } = NftComment.Fit(Comment);

    /// <summary>The rules it begins with.</summary>
    public IReadOnlyList<NftRuleBody> Rules { get; init; } = [];

    internal override NftCommand Command
    {
        get
        {
            string body = Hook?.ToString() + (Comment is null ? "" : NftText.Comment(Comment) + ";");
            string block = body.Length == 0 ? "" : $"{{ {body.Trim()} }}";
            if (Rules.Count == 0)
            {
                return new($"add chain {Table} {Name}", block);
            }

            // One command is one transaction; nft would take rules inside the braces too, and forget them.
            StringBuilder commands = new($"create chain {Table} {Name}{(block.Length > 0 ? " " : "")}{block}");
            return new(NftRuleAdd.Append(commands, Table, Name, Rules));
        }
    }

    /// <inheritdoc/>
    public override string Operation => $"add chain {Table} {Name}";

    /// <summary>Whether both would make the same chain, with the same rules, in the same namespace.</summary>
    public bool Equals(NftChainAdd? other) => other is not null && Namespace == other.Namespace && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private NftChainDelete Undo => new(Namespace, Table, Name);

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_NEWCHAIN, NftMessage.Create, Table);
        batch.Attribute(Nf.NFTA_CHAIN_TABLE, Table.Name);
        batch.Attribute(Nf.NFTA_CHAIN_NAME, Name);
        if (Hook is not null)
        {
            WriteHook(batch, Hook);
        }

        NftUserData.WriteText(batch, Nf.NFTA_CHAIN_USERDATA, Udata.NFTNL_UDATA_CHAIN_COMMENT, Comment);
        NftRuleAdd.Write(batch, Table, Name, Rules);
    }

    private static void WriteHook(NetlinkBatch batch, NftHook hook)
    {
        batch.Attribute(Nf.NFTA_CHAIN_TYPE, hook.TypeWord);
        if (hook.Policy is { } policy)
        {
            batch.AttributeBigEndian(Nf.NFTA_CHAIN_POLICY, (uint)policy);
        }

        using NetlinkBatch.Nest nest = batch.Nested(Nf.NFTA_CHAIN_HOOK, flag: true);
        batch.AttributeBigEndian(Nf.NFTA_HOOK_HOOKNUM, (uint)hook.Point);
        batch.AttributeBigEndian(Nf.NFTA_HOOK_PRIORITY, (uint)hook.Priority);
    }

    internal override bool Tolerates(int errno) => errno == Errno.EEXIST;

    internal override bool NeedsProgram => AnyNeedsProgram(Rules);

    internal static bool AnyNeedsProgram(IReadOnlyList<NftRuleBody> rules)
    {
        foreach (NftRuleBody rule in rules)
        {
            if (rule.NeedsProgram)
            {
                return true;
            }
        }

        return false;
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, Undo);

    internal override bool? IsSo(PlannedWorld world) => world.Nftables(Namespace).HasChain(Table, Name);

    internal override Applied Plan(PlannedWorld world) =>
        new(this, world.Nftables(Namespace).AddChain(Operation, Table, Name, Hook, Rules) ? Undo : null);
}

/// <summary>Deletes a chain with its rules (NFT_MSG_DELCHAIN); it fails (EBUSY) while something goes to it. There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
public sealed record NftChainDelete(NetworkNamespace Namespace, NftTable Table, string Name) : NftChange(Namespace)
{
    internal override NftCommand Command => new($"delete chain {Table} {Name}");

    /// <inheritdoc/>
    public override string Operation => $"delete chain {Table} {Name}";

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_DELCHAIN, 0, Table);
        batch.Attribute(Nf.NFTA_CHAIN_TABLE, Table.Name);
        batch.Attribute(Nf.NFTA_CHAIN_NAME, Name);
    }

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => !world.Nftables(Namespace).HasChain(Table, Name);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).DeleteChain(Table, Name);
        return new Applied(this);
    }
}
