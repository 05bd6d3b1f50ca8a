using System;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>How nf_tables' messages begin.</summary>
internal static class NftMessage
{
    internal const ushort Create = Nl.NLM_F_CREATE | Nl.NLM_F_EXCL;

    internal static void Begin(NetlinkBatch batch, ushort type, ushort flags, NftFamily family) =>
        batch.Begin(type, flags, new nfgenmsg { nfgen_family = (byte)family });

    /// <summary>The attributes behind nfgenmsg; none where nothing came back.</summary>
    internal static NetlinkAttributes Attributes(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return default;
        }

        NetlinkMessage.Split<nfgenmsg>(body, out NetlinkAttributes attributes);
        return attributes;
    }
}
