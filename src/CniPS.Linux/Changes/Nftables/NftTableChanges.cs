using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>Adds a table (NFT_MSG_NEWTABLE).</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
/// <param name="Comment">Whom it serves.</param>
public sealed record NftTableAdd(NetworkNamespace Namespace, NftTable Table, string? Comment = null) : NftChange(Namespace)
{
    /// <summary>Whom it serves, no longer than nft takes it.</summary>
    public string? Comment { get; } = NftComment.Fit(Comment);

    internal override NftCommand Command => new($"add table {Table}", Comment is null ? "" : $"{{{NftText.Comment(Comment)}; }}");

    /// <inheritdoc/>
    public override string Operation => $"add table {Table}";

    private NftTableDelete Undo => new(Namespace, Table) { OnlyEmpty = true };

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_NEWTABLE, NftMessage.Create, Table);
        batch.Attribute(Nf.NFTA_TABLE_NAME, Table.Name);
        batch.AttributeBigEndian(Nf.NFTA_TABLE_FLAGS, 0u);
        NftUserData.WriteText(batch, Nf.NFTA_TABLE_USERDATA, Udata.NFTNL_UDATA_TABLE_COMMENT, Comment);
    }

    internal override bool Tolerates(int errno) => errno == Errno.EEXIST;

    internal override Applied Made(in NetlinkReply reply) => new(this, Undo);

    internal override bool? IsSo(PlannedWorld world) => world.Nftables(Namespace).HasTable(Table);

    internal override Applied Plan(PlannedWorld world) => new(this, world.Nftables(Namespace).AddTable(Table) ? Undo : null);
}

/// <summary>Wakes a table whose rules are not asked (<c>flags dormant</c>). There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
public sealed record NftTableWake(NetworkNamespace Namespace, NftTable Table) : NftChange(Namespace)
{
    internal override NftCommand Command => new($"add table {Table}");

    /// <inheritdoc/>
    public override string Operation => $"wake table {Table}";

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_NEWTABLE, 0, Table);
        batch.Attribute(Nf.NFTA_TABLE_NAME, Table.Name);
        batch.AttributeBigEndian(Nf.NFTA_TABLE_FLAGS, 0u);
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => !world.Nftables(Namespace).IsDormant(Table);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).Wake(Table);
        return new Applied(this);
    }
}

/// <summary>Deletes a table and all that is in it (NFT_MSG_DELTABLE). There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Table">The table.</param>
public sealed record NftTableDelete(NetworkNamespace Namespace, NftTable Table) : NftChange(Namespace)
{
    /// <summary>Whether to fail (EBUSY) while something is in it (NLM_F_NONREC); nft has no word for it.</summary>
    public bool OnlyEmpty { get; init; }

    internal override NftCommand Command => new($"delete table {Table}");

    /// <inheritdoc/>
    public override string Operation => $"delete table {Table}";

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_DELTABLE, OnlyEmpty ? Nf.NLM_F_NONREC : (ushort)0, Table);
        batch.Attribute(Nf.NFTA_TABLE_NAME, Table.Name);
    }

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => !world.Nftables(Namespace).HasTable(Table);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).DeleteTable(Operation, Table, OnlyEmpty);
        return new Applied(this);
    }
}
