using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>What becomes of a packet (linux/netfilter.h, enum nft_verdicts).</summary>
public enum NftVerdictKind
{
    /// <summary>The packet goes no further.</summary>
    Drop = Nf.NF_DROP,

    /// <summary>The packet goes on, past the rest of this base chain.</summary>
    Accept = Nf.NF_ACCEPT,

    /// <summary>To another chain, and back.</summary>
    Jump = Nf.NFT_JUMP,

    /// <summary>To another chain, and not back.</summary>
    Goto = Nf.NFT_GOTO,

    /// <summary>Back to the calling chain; from a base chain, its policy.</summary>
    Return = Nf.NFT_RETURN,
}

/// <summary>What becomes of a packet, with the chain that a jump goes to.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Chain">The chain, for <see cref="NftVerdictKind.Jump"/> and <see cref="NftVerdictKind.Goto"/>.</param>
public sealed record NftVerdict(NftVerdictKind Kind, string? Chain = null) : NftData
{
    /// <summary><c>accept</c></summary>
    public static NftVerdict Accept { get; } = new(NftVerdictKind.Accept);

    /// <summary><c>drop</c></summary>
    public static NftVerdict Drop { get; } = new(NftVerdictKind.Drop);

    /// <summary><c>return</c></summary>
    public static NftVerdict Return { get; } = new(NftVerdictKind.Return);

    /// <summary><c>jump CHAIN</c></summary>
    public static NftVerdict Jump(string chain) => new(NftVerdictKind.Jump, chain);

    /// <summary><c>goto CHAIN</c></summary>
    public static NftVerdict Goto(string chain) => new(NftVerdictKind.Goto, chain);

    /// <summary>The verdict as nft writes it.</summary>
    public override string ToString() => Kind switch
    {
        NftVerdictKind.Drop => "drop",
        NftVerdictKind.Accept => "accept",
        NftVerdictKind.Jump => $"jump {Chain}",
        NftVerdictKind.Goto => $"goto {Chain}",
        _ => "return",
    };

    internal override void Write(NetlinkBatch batch, ushort type)
    {
        using NetlinkBatch.Nest data = batch.Nested(type, flag: true);
        using NetlinkBatch.Nest verdict = batch.Nested(Nf.NFTA_DATA_VERDICT, flag: true);
        batch.AttributeBigEndian(Nf.NFTA_VERDICT_CODE, (uint)Kind);
        if (Chain is not null)
        {
            batch.Attribute(Nf.NFTA_VERDICT_CHAIN, Chain);
        }
    }

    internal static NftVerdict Read(NetlinkAttributes verdict)
    {
        NftVerdictKind kind = default;
        string? chain = null;
        while (verdict.Next())
        {
            switch (verdict.Type)
            {
                case Nf.NFTA_VERDICT_CODE: kind = (NftVerdictKind)verdict.BigEndian32; break;
                case Nf.NFTA_VERDICT_CHAIN: chain = verdict.Text; break;
            }
        }

        return new NftVerdict(kind, chain);
    }
}
