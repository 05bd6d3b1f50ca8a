namespace CniPS.Linux.Nftables;

/// <summary>A chain that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hook">Where it stands; null for one that is jumped to.</param>
public sealed record NftChain(string Name, NftHook? Hook)
{
    /// <summary>How many bytes a name may have (NFT_NAME_MAXLEN, which counts the end as well).</summary>
    public const int LongestName = 255;
}
