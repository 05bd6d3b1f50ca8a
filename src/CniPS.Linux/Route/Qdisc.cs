using System;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>How a link queues what leaves it, or what comes in (tc(8)).</summary>
/// <param name="Kind">The kind: <c>tbf</c>, <c>ingress</c>, <c>noqueue</c>.</param>
/// <param name="IsRoot">Whether it is the link's own, for all that leaves.</param>
/// <param name="Bucket">A tbf's.</param>
public sealed record Qdisc(string Kind, bool IsRoot, TokenBucket? Bucket = null)
{
    /// <summary>Reads a RTM_NEWQDISC; null for another link's.</summary>
    internal static Qdisc? Read(ReadOnlySpan<byte> body, int link)
    {
        tcmsg header = NetlinkMessage.Split<tcmsg>(body, out NetlinkAttributes attributes);
        if (header.tcm_ifindex != link)
        {
            return null;
        }

        string kind = "";
        TokenBucket? bucket = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Tc.TCA_KIND: kind = attributes.Text; break;
                case Tc.TCA_OPTIONS when kind == "tbf": bucket = ReadBucket(attributes.Nested); break;
            }
        }

        return new Qdisc(kind, header.tcm_parent == Tc.TC_H_ROOT, bucket);
    }

    private static TokenBucket? ReadBucket(NetlinkAttributes options)
    {
        tc_tbf_qopt? parameters = null;
        ulong? rate = null;
        while (options.Next())
        {
            switch (options.Type)
            {
                case Tc.TCA_TBF_PARMS: parameters = options.Struct<tc_tbf_qopt>(); break;
                case Tc.TCA_TBF_RATE64: rate = options.Struct<ulong>(); break;
            }
        }

        return parameters is { } p ? new TokenBucket(rate ?? p.rate.rate, p.buffer, p.limit) : null;
    }
}
