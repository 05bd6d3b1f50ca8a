using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>Adds a set or a map (NFT_MSG_NEWSET).</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Set">The set.</param>
/// <param name="Comment">Whom it serves.</param>
public sealed record NftSetAdd(NetworkNamespace Namespace, NftSet Set, string? Comment = null) : NftChange(Namespace)
{
    /// <summary>Whom it serves, no longer than nft takes it.</summary>
    public string? Comment { get; } = NftComment.Fit(Comment);

    internal override NftCommand Command
    {
        get
        {
            StringBuilder block = new($"{{ type {Set.Key}");
            if (Set.Data is { } data)
            {
                block.Append($" : {data}");
            }

            block.Append(';');
            if (Set.Flags != NftSetFlags.None)
            {
                block.Append(" flags ").Append(FlagWords(Set.Flags)).Append(';');
            }

            if (Comment is not null)
            {
                block.Append(NftText.Comment(Comment)).Append(';');
            }

            return new($"add {Set.Word} {Set}", block.Append(" }").ToString());
        }
    }

    /// <inheritdoc/>
    public override string Operation => $"add {Set.Word} {Set}";

    private NftSetDelete Undo => new(Namespace, Set) { OnlyEmpty = true };

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_NEWSET, NftMessage.Create, Set.Table);
        batch.Attribute(Nf.NFTA_SET_TABLE, Set.Table.Name);
        batch.Attribute(Nf.NFTA_SET_NAME, Set.Name);
        batch.AttributeBigEndian(Nf.NFTA_SET_FLAGS, (uint)Set.Flags | (Set.IsMap ? Nf.NFT_SET_MAP : 0));
        batch.AttributeBigEndian(Nf.NFTA_SET_KEY_TYPE, Set.Key.Id);
        batch.AttributeBigEndian(Nf.NFTA_SET_KEY_LEN, (uint)Set.Key.Length);
        if (Set.Data is { } data)
        {
            batch.AttributeBigEndian(Nf.NFTA_SET_DATA_TYPE, data.Id);
            batch.AttributeBigEndian(Nf.NFTA_SET_DATA_LEN, (uint)data.Length);
        }

        // A number by which the rest of the transaction could call it. The kernel insists on one, but looks for names first.
        batch.AttributeBigEndian(Nf.NFTA_SET_ID, 1u);
        NftUserData.WriteSet(batch, Set, Comment);
    }

    internal override bool Tolerates(int errno) => errno == Errno.EEXIST;

    internal override Applied Made(in NetlinkReply reply) => new(this, Undo);

    internal override bool? IsSo(PlannedWorld world) => world.Nftables(Namespace).HasSet(Set);

    internal override Applied Plan(PlannedWorld world) => new(this, world.Nftables(Namespace).AddSet(Operation, Set) ? Undo : null);

    private static string FlagWords(NftSetFlags flags) => flags switch
    {
        NftSetFlags.Timeout => "timeout",
        NftSetFlags.Dynamic => "dynamic",
        _ => "dynamic,timeout",
    };
}

/// <summary>Deletes a set or a map with its elements (NFT_MSG_DELSET); it fails (EBUSY) while a rule uses it. There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Set">The set.</param>
public sealed record NftSetDelete(NetworkNamespace Namespace, NftSet Set) : NftChange(Namespace)
{
    /// <summary>Whether to fail (EBUSY) while it has elements (NLM_F_NONREC); nft has no word for it.</summary>
    public bool OnlyEmpty { get; init; }

    internal override NftCommand Command => new($"delete {Set.Word} {Set}");

    /// <inheritdoc/>
    public override string Operation => $"delete {Set.Word} {Set}";

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_DELSET, OnlyEmpty ? Nf.NLM_F_NONREC : (ushort)0, Set.Table);
        batch.Attribute(Nf.NFTA_SET_TABLE, Set.Table.Name);
        batch.Attribute(Nf.NFTA_SET_NAME, Set.Name);
    }

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => !world.Nftables(Namespace).HasSet(Set);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).DeleteSet(Operation, Set, OnlyEmpty);
        return new Applied(this);
    }
}
