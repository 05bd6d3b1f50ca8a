using System;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Nftables;

/// <summary>How nf_tables' messages begin.</summary>
internal static class NftMessage
{
    internal const int HeaderLength = 4;

    internal const ushort Create = Nl.NLM_F_CREATE | Nl.NLM_F_EXCL;

    internal static void Begin(NetlinkBatch batch, ushort type, ushort flags, NftFamily family) =>
        batch.Begin(type, flags, new nfgenmsg { nfgen_family = (byte)family });

    /// <summary>The attributes behind nfgenmsg.</summary>
    internal static NetlinkAttributes Attributes(ReadOnlySpan<byte> body) =>
        new(body.Length >= HeaderLength ? body[HeaderLength..] : default);
}
