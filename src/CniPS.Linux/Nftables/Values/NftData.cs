using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>What a map's element carries: a <see cref="NftValue"/> or a <see cref="NftVerdict"/>.</summary>
public abstract record NftData
{
    /// <summary>Writes struct nft_data as an attribute.</summary>
    internal abstract void Write(NetlinkBatch batch, ushort type);

    /// <summary>Reads what an attribute of struct nft_data holds; null where it is of another length than the type.</summary>
    internal static NftData? Read(NetlinkAttributes data, NftType type)
    {
        while (data.Next())
        {
            switch (data.Type)
            {
                case Nf.NFTA_DATA_VALUE: return NftValue.FromKernel(type, data.Value);
                case Nf.NFTA_DATA_VERDICT: return NftVerdict.Read(data.Nested);
            }
        }

        return null;
    }
}
