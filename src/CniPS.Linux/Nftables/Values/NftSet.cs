using System;

namespace CniPS.Linux.Nftables;

/// <summary>What may be done with a set (NFT_SET_*, linux/netfilter/nf_tables.h).</summary>
[Flags]
public enum NftSetFlags : uint
{
    /// <summary>Elements come and go by hand.</summary>
    None = 0,

    /// <summary>Elements may go by themselves after a time.</summary>
    Timeout = 0x10,

    /// <summary>Rules may add elements.</summary>
    Dynamic = 0x20,
}

/// <summary>A set, or a map (a set whose elements carry data). Elements are single values, not ranges.</summary>
/// <param name="Table">Where it is.</param>
/// <param name="Name">Its name, unique in the table.</param>
/// <param name="Key">What its elements are.</param>
/// <param name="Data">What they carry; null for a set.</param>
/// <param name="Flags">What may be done with it.</param>
public sealed record NftSet(NftTable Table, string Name, NftType Key, NftType? Data = null, NftSetFlags Flags = NftSetFlags.None)
{
    /// <summary>Whether elements carry data.</summary>
    public bool IsMap => Data is not null;

    internal string Word => IsMap ? "map" : "set";

    /// <summary>The set as nft writes it: <c>inet cnips masquerade4</c>.</summary>
    public override string ToString() => $"{Table} {Name}";
}
