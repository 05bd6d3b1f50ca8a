using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>An element of a set or map.</summary>
/// <param name="Key">What is looked up.</param>
/// <param name="Data">What is found; null in a set.</param>
/// <param name="Comment">Whom it serves; null if it doesn't say.</param>
public sealed record NftElement(NftValue Key, NftData? Data = null, string? Comment = null)
{
    /// <summary>The element as nft writes it: <c>10.15.20.2 comment "blue" : goto beyond-10.15.20.0/24</c>.</summary>
    public override string ToString()
    {
        string text = Key + NftText.Comment(Comment);
        return Data is null ? text : $"{text} : {Data}";
    }

    /// <summary>Reads the attributes of one element (NFTA_LIST_ELEM); null if they don't fit the set, as with an end of a range.</summary>
    internal static NftElement? Read(NetlinkAttributes element, NftSet set)
    {
        NftValue? key = null;
        NftData? data = null;
        string? comment = null;
        while (element.Next())
        {
            switch (element.Type)
            {
                case Nf.NFTA_SET_ELEM_KEY: key = NftData.Read(element.Nested, set.Key) as NftValue; break;
                case Nf.NFTA_SET_ELEM_DATA when set.Data is { } type: data = NftData.Read(element.Nested, type); break;
                case Nf.NFTA_SET_ELEM_USERDATA: comment = NftUserData.ReadText(element.Value, Udata.NFTNL_UDATA_SET_ELEM_COMMENT); break;
            }
        }

        return key is null ? null : new NftElement(key, data, comment);
    }

    /// <summary>Writes which element is meant.</summary>
    internal static void WriteKey(NetlinkBatch batch, NftSet set, NftValue key)
    {
        batch.Attribute(Nf.NFTA_SET_ELEM_LIST_TABLE, set.Table.Name);
        batch.Attribute(Nf.NFTA_SET_ELEM_LIST_SET, set.Name);
        using NetlinkBatch.Nest elements = batch.Nested(Nf.NFTA_SET_ELEM_LIST_ELEMENTS, flag: true);
        using NetlinkBatch.Nest element = batch.Nested(Nf.NFTA_LIST_ELEM, flag: true);
        key.Write(batch, Nf.NFTA_SET_ELEM_KEY);
    }
}
