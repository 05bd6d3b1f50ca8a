using System;
using System.Runtime.InteropServices;
using System.Text;
using CniPS.Linux.Interop;

namespace CniPS.Linux.Nftables;

/// <summary>What a packet is to its connection, as bits (linux/netfilter/nf_conntrack_common.h, NF_CT_STATE_BIT).</summary>
[Flags]
public enum NftConnectionStates
{
    /// <summary>It belongs to none.</summary>
    Invalid = Nf.NF_CT_STATE_INVALID,

    /// <summary>There were packets in both directions.</summary>
    Established = Nf.NF_CT_STATE_ESTABLISHED,

    /// <summary>Another connection has brought it about.</summary>
    Related = Nf.NF_CT_STATE_RELATED,

    /// <summary>It begins one.</summary>
    New = Nf.NF_CT_STATE_NEW,

    /// <summary>It is not looked at.</summary>
    Untracked = Nf.NF_CT_STATE_UNTRACKED,
}

/// <summary>Goes on only with a packet that is (or isn't) one of these to its connection: <c>ct state established,related</c>.</summary>
/// <param name="States">The states.</param>
/// <param name="Not">
/// Whether it must not be all of them at once. No packet is more than one, so with several that is always so, as nft has it.
/// </param>
public sealed record NftStateMatch(NftConnectionStates States, bool Not = false) : NftStatement
{
    /// <summary>A packet of a connection that is there already, or that one brought about.</summary>
    public static NftStateMatch Known { get; } = new(NftConnectionStates.Established | NftConnectionStates.Related);

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new($"ct state {Operator(Not)}");
        string comma = "";
        for (int bit = 1; bit <= (int)NftConnectionStates.Untracked; bit <<= 1)
        {
            if (((int)States & bit) != 0)
            {
                text.Append(comma).Append(Word((NftConnectionStates)bit));
                comma = ",";
            }
        }

        return text.ToString();
    }

    /// <summary>A state by nft's word; null for none.</summary>
    internal static NftConnectionStates? Find(string word) => word switch
    {
        "invalid" => NftConnectionStates.Invalid,
        "established" => NftConnectionStates.Established,
        "related" => NftConnectionStates.Related,
        "new" => NftConnectionStates.New,
        "untracked" => NftConnectionStates.Untracked,
        _ => null,
    };

    private static string Word(NftConnectionStates state) => state switch
    {
        NftConnectionStates.Invalid => "invalid",
        NftConnectionStates.Established => "established",
        NftConnectionStates.Related => "related",
        NftConnectionStates.New => "new",
        _ => "untracked",
    };

    // Without a mask, as nft does.
    internal override void Write(ref NftExpressionWriter writer)
    {
        if (!Not)
        {
            NftIsRedirected.WriteBits(ref writer, Nf.NFT_CT_STATE, (uint)States);
            return;
        }

        Span<byte> bits = stackalloc byte[4];
        MemoryMarshal.Write(bits, (uint)States);
        writer.LoadConntrack(Nf.NFT_CT_STATE);
        writer.Compare(bits, not: true);
    }
}

/// <summary>Goes on only with a packet whose connection was sent elsewhere than it wanted: <c>ct status dnat</c>.</summary>
public sealed record NftIsRedirected : NftStatement
{
    /// <inheritdoc/>
    public override string ToString() => "ct status dnat";

    internal override void Write(ref NftExpressionWriter writer) => WriteBits(ref writer, Nf.NFT_CT_STATUS, Nf.IPS_DST_NAT);

    /// <summary>Goes on only if any of these bits is set in what is known of the connection.</summary>
    internal static void WriteBits(ref NftExpressionWriter writer, uint key, uint bits)
    {
        Span<byte> bit = stackalloc byte[4], none = stackalloc byte[4];
        MemoryMarshal.Write(bit, bits);
        none.Clear();
        writer.LoadConntrack(key);
        writer.Mask(bit, Nf.NFT_REG_1);
        writer.Compare(none, not: true);
    }
}
