using CniPS.Linux.Host;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Nftables;

namespace CniPS.Linux.Changes;

/// <summary>
/// A change to nf_tables. Those that go to the kernel together are one transaction. Adding a table, chain or set that is there, and deleting
/// what is gone, counts as done and has no undo; so everybody may add what all share.
/// </summary>
/// <param name="Namespace">Where.</param>
public abstract record NftChange(NetworkNamespace Namespace) : NamespaceChange(Namespace)
{
    /// <inheritdoc/>
    public sealed override string Text => NftText.Command(Namespace, Command);

    /// <summary>What nft reads to the same effect.</summary>
    internal abstract NftCommand Command { get; }

    /// <summary>Whether it has parts that only nft itself can put into messages: the transaction is nft's then.</summary>
    internal virtual bool NeedsProgram => false;

    /// <summary>
    /// Writes its messages, of which the last one's echo tells what was made. What is added must not be there yet (NLM_F_EXCL), so that the answer tells
    /// who made it.
    /// </summary>
    internal abstract void Write(NetlinkBatch batch);

    /// <summary>Whether an error means that there was nothing to do.</summary>
    internal virtual bool Tolerates(int errno) => false;

    /// <summary>What was made, given the kernel's echo, if the message asked for one.</summary>
    internal abstract Applied Made(in NetlinkReply reply);

    private protected static void Begin(NetlinkBatch batch, ushort type, ushort flags, NftTable table) =>
        NftMessage.Begin(batch, type, flags, table.Family);
}
