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
    /// <summary>Its protocol (IPPROTO_*).</summary>
    public byte Protocol { get; private init; }

    /// <summary>Whom the one who began it wanted; null where the kernel doesn't say.</summary>
    public IPAddress? Wanted { get; private init; }

    /// <summary>The port that he wanted; 0 for a protocol without.</summary>
    public ushort WantedPort { get; private init; }

    /// <summary>Whom answers go to: behind masquerading, an address of this namespace.</summary>
    public IPAddress? AnsweredTo { get; private init; }

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
        Ends? original = null, reply = null;
        ulong? bytes = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Ct.CTA_TUPLE_ORIG: original = EndsOf(attributes.Nested); break;
                case Ct.CTA_TUPLE_REPLY: reply = EndsOf(attributes.Nested); break;
                case Ct.CTA_COUNTERS_ORIG or Ct.CTA_COUNTERS_REPLY: bytes = (bytes ?? 0) + BytesOf(attributes.Nested); break;
            }
        }

        return original is not { Source: { } source } || reply is not { Source: { } answerer } ? null : new TrackedConnection(source, answerer, bytes)
        {
            Protocol = original.Value.Protocol,
            Wanted = original.Value.Destination,
            WantedPort = original.Value.Port,
            AnsweredTo = reply.Value.Destination,
        };
    }

    private static Ends EndsOf(NetlinkAttributes tuple)
    {
        Ends ends = default;
        while (tuple.Next())
        {
            NetlinkAttributes part = tuple.Nested;
            bool isAddress = tuple.Type == Ct.CTA_TUPLE_IP;
            while (part.Next())
            {
                switch (isAddress, part.Type)
                {
                    case (true, Ct.CTA_IP_V4_SRC or Ct.CTA_IP_V6_SRC): ends = ends with { Source = part.Address }; break;
                    case (true, Ct.CTA_IP_V4_DST or Ct.CTA_IP_V6_DST): ends = ends with { Destination = part.Address }; break;
                    case (false, Ct.CTA_PROTO_NUM): ends = ends with { Protocol = part.U8 }; break;
                    case (false, Ct.CTA_PROTO_DST_PORT): ends = ends with { Port = part.BigEndian16 }; break;
                }
            }
        }

        return ends;
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

    private readonly record struct Ends(IPAddress? Source, IPAddress? Destination, byte Protocol, ushort Port);
}
