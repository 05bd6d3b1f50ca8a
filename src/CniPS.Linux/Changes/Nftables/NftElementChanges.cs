using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>
/// Adds an element to a set or map (NFT_MSG_NEWSETELEM). It fails (EEXIST) where the key is there: an element serves one, and says whom.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Set">The set.</param>
/// <param name="Key">What is looked up.</param>
/// <param name="Data">In a map: what is found.</param>
/// <param name="Comment">Whom it serves.</param>
public sealed record NftElementAdd(NetworkNamespace Namespace, NftSet Set, NftValue Key, NftData? Data = null, string? Comment = null)
    : NftChange(Namespace)
{
    /// <summary>Whom it serves, no longer than nft takes it.</summary>
    public string? Comment { get; } = NftComment.Fit(Comment);

    internal override NftCommand Command => new($"create element {Set}", $"{{ {Element} }}");

    /// <inheritdoc/>
    public override string Operation => $"add element {Key} to {Set.Word} {Set}";

    /// <summary>The element.</summary>
    public NftElement Element => new(Key, Data, Comment);

    private NftElementDelete Undo => new(Namespace, Set, Key);

    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_NEWSETELEM, NftMessage.Create, Set.Table);
        batch.Attribute(Nf.NFTA_SET_ELEM_LIST_TABLE, Set.Table.Name);
        batch.Attribute(Nf.NFTA_SET_ELEM_LIST_SET, Set.Name);
        using NetlinkBatch.Nest elements = batch.Nested(Nf.NFTA_SET_ELEM_LIST_ELEMENTS, flag: true);
        using NetlinkBatch.Nest element = batch.Nested(Nf.NFTA_LIST_ELEM, flag: true);
        Key.Write(batch, Nf.NFTA_SET_ELEM_KEY);
        Data?.Write(batch, Nf.NFTA_SET_ELEM_DATA);
        NftUserData.WriteText(batch, Nf.NFTA_SET_ELEM_USERDATA, Udata.NFTNL_UDATA_SET_ELEM_COMMENT, Comment);
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, Undo);

    internal override bool? IsSo(PlannedWorld world) => world.Nftables(Namespace).FindElement(Set, Key) == Element;

    internal override Applied Plan(PlannedWorld world)
    {
        world.Nftables(Namespace).AddElement(Operation, Set, Element);
        return new Applied(this, Undo);
    }
}

/// <summary>Deletes an element of a set or map (NFT_MSG_DELSETELEM). Its undo puts it back as it was.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Set">The set.</param>
/// <param name="Key">Which element.</param>
public sealed record NftElementDelete(NetworkNamespace Namespace, NftSet Set, NftValue Key) : NftChange(Namespace)
{
    internal override NftCommand Command => new($"delete element {Set}", $"{{ {Key} }}");

    /// <inheritdoc/>
    public override string Operation => $"delete element {Key} from {Set.Word} {Set}";

    // The echo says what the element was.
    internal override void Write(NetlinkBatch batch)
    {
        Begin(batch, Nf.NFT_MSG_DELSETELEM, Nl.NLM_F_ECHO, Set.Table);
        NftElement.WriteKey(batch, Set, Key);
    }

    internal override bool Tolerates(int errno) => errno == Errno.ENOENT;

    internal override Applied Made(in NetlinkReply reply)
    {
        NftElement? old = null;
        NetlinkAttributes echo = NftMessage.Attributes(reply.Data.Span);
        NftablesView.ReadElements(echo, Set, ref old, static (ref NftElement? found, NftElement element) => found = element);
        return new Applied(this, Restore(old));
    }

    internal override bool? IsSo(PlannedWorld world) => world.Nftables(Namespace).FindElement(Set, Key) is null;

    internal override Applied Plan(PlannedWorld world) => new(this, Restore(world.Nftables(Namespace).DeleteElement(Set, Key)));

    private NftElementAdd? Restore(NftElement? old) => old is null ? null : new(Namespace, Set, Key, old.Data, old.Comment);
}
