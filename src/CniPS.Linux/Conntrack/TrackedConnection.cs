using System;
using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Conntrack;

/// <summary>A connection that a namespace keeps track of (ctnetlink).</summary>
/// <param name="Source">Who began it.</param>
/// <param name="Answerer">Who answers: behind a mapped port, the container.</param>
/// <param name="Bytes">What went both ways; null where the kernel doesn't count it (<c>net.netfilter.nf_conntrack_acct</c> is 0).</param>
public readonly record struct TrackedConnection(IPAddress Source, IPAddress Answerer, ulong? Bytes)
{
    /// <summary>Reads all of a namespace's; none where the kernel keeps track of nothing there.</summary>
    /// <param name="ns">The namespace.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static IReadOnlyList<TrackedConnection> Read(NetworkNamespace ns)
    {
        ArgumentNullException.ThrowIfNull(ns);
        using NetlinkSocket socket = ns.OpenSocket(Nl.NETLINK_NETFILTER);
        NetlinkBatch request = new(64);
        request.Begin(Ct.IPCTNL_MSG_CT_GET, Nl.NLM_F_DUMP, default(nfgenmsg));
        try
        {
            return socket.Dump(
                request,
                "list connections",
                static () => new List<TrackedConnection>(),
                static (ref List<TrackedConnection> list, ushort _, ReadOnlySpan<byte> body) =>
                {
                    if (Read(body) is { } connection)
                    {
                        list.Add(connection);
                    }
                });
        }
        catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return []; // the kernel was built without it, or has not loaded it
        }
    }

    /// <summary>Reads what stands behind nlmsghdr in an IPCTNL_MSG_CT_NEW message; null where it says no addresses.</summary>
    internal static TrackedConnection? Read(ReadOnlySpan<byte> body)
    {
        NetlinkMessage.Split<nfgenmsg>(body, out NetlinkAttributes attributes);
        IPAddress? source = null, answerer = null;
        ulong? bytes = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Ct.CTA_TUPLE_ORIG: source = SourceOf(attributes.Nested); break;
                case Ct.CTA_TUPLE_REPLY: answerer = SourceOf(attributes.Nested); break;
                case Ct.CTA_COUNTERS_ORIG or Ct.CTA_COUNTERS_REPLY: bytes = (bytes ?? 0) + BytesOf(attributes.Nested); break;
            }
        }

        return source is null || answerer is null ? null : new TrackedConnection(source, answerer, bytes);
    }

    private static IPAddress? SourceOf(NetlinkAttributes tuple)
    {
        while (tuple.Next())
        {
            NetlinkAttributes part = tuple.Nested;
            while (tuple.Type == Ct.CTA_TUPLE_IP && part.Next())
            {
                if (part.Type is Ct.CTA_IP_V4_SRC or Ct.CTA_IP_V6_SRC)
                {
                    return part.Address;
                }
            }
        }

        return null;
    }

    private static ulong BytesOf(NetlinkAttributes counters)
    {
        while (counters.Next())
        {
            if (counters.Type == Ct.CTA_COUNTERS_BYTES)
            {
                return counters.BigEndian64;
            }
        }

        return 0;
    }
}
