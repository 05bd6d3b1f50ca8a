using System.Collections.Generic;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Probe;

/// <summary>Has the kernel forget the connections that it began to keep track of for a probe's sake (ctnetlink), each known by its own addresses and ports.</summary>
internal static class ProbeConnections
{
    /// <summary>Forgets them in each namespace that the packet was seen in. That there is none is no failure.</summary>
    /// <param name="from">Where it was sent from.</param>
    /// <param name="probe">The packet.</param>
    /// <param name="sights">What was seen of it.</param>
    internal static void Forget(NetworkNamespace from, ProbeBytes probe, IReadOnlyList<ProbeSight> sights)
    {
        foreach (ProbeSight sight in sights)
        {
            foreach (TraceStep step in sight.Steps)
            {
                // As it came in, or was sent: before any NAT, by which the kernel knows it too.
                if (step is { Direction: ProbeDirection.Request, Source: { } source, Destination: { } destination })
                {
                    Forget(sight.Point.Namespace, probe, source, destination);
                    break;
                }
            }
        }

        Forget(from, probe, new IPEndPoint(probe.Source, probe.Number), new IPEndPoint(probe.Packet.Destination, probe.Packet.Port));
    }

    private static void Forget(NetworkNamespace ns, ProbeBytes probe, IPEndPoint source, IPEndPoint destination)
    {
        bool v6 = probe.Packet.IsV6;
        NetlinkBatch request = new(256);
        request.Begin(Ct.IPCTNL_MSG_CT_DELETE, Nl.NLM_F_ACK, new nfgenmsg { nfgen_family = v6 ? Nf.NFPROTO_IPV6 : Nf.NFPROTO_IPV4 });
        using (request.Nested(Ct.CTA_TUPLE_ORIG, flag: true))
        {
            using (request.Nested(Ct.CTA_TUPLE_IP, flag: true))
            {
                request.Attribute(v6 ? Ct.CTA_IP_V6_SRC : Ct.CTA_IP_V4_SRC, source.Address);
                request.Attribute(v6 ? Ct.CTA_IP_V6_DST : Ct.CTA_IP_V4_DST, destination.Address);
            }

            using (request.Nested(Ct.CTA_TUPLE_PROTO, flag: true))
            {
                WriteProtocol(request, probe, source, destination);
            }
        }

        using NetlinkSocket socket = ns.OpenSocket(Nl.NETLINK_NETFILTER);
        NetlinkReply reply = socket.Execute(request)[0];
        // EINVAL, EOPNOTSUPP: a kernel that keeps track of nothing.
        if (reply.Errno is not (Errno.ENOENT or Errno.EINVAL or Errno.EOPNOTSUPP))
        {
            reply.ThrowIfFailed($"forget a probe's connection in namespace {ns}");
        }
    }

    private static void WriteProtocol(NetlinkBatch request, ProbeBytes probe, IPEndPoint source, IPEndPoint destination)
    {
        bool v6 = probe.Packet.IsV6;
        if (probe.Packet.Protocol != ProbeProtocol.Icmp)
        {
            request.Attribute(Ct.CTA_PROTO_NUM, (byte)probe.Packet.Protocol);
            Write16(request, Ct.CTA_PROTO_SRC_PORT, (ushort)source.Port);
            Write16(request, Ct.CTA_PROTO_DST_PORT, (ushort)destination.Port);
            return;
        }

        const byte EchoRequest = 8, EchoRequest6 = 128;
        int v6Offset = v6 ? 3 : 0; // ICMPv6's come behind ICMP's: CTA_PROTO_ICMPV6_ID is 7
        request.Attribute(Ct.CTA_PROTO_NUM, v6 ? Nf.IPPROTO_ICMPV6 : Nf.IPPROTO_ICMP);
        Write16(request, (ushort)(Ct.CTA_PROTO_ICMP_ID + v6Offset), probe.Number);
        request.Attribute((ushort)(Ct.CTA_PROTO_ICMP_TYPE + v6Offset), v6 ? EchoRequest6 : EchoRequest);
        request.Attribute((ushort)(Ct.CTA_PROTO_ICMP_CODE + v6Offset), (byte)0);
    }

    private static void Write16(NetlinkBatch request, ushort type, ushort value) =>
        request.Attribute(type, System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value));
}
