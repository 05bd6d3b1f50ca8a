using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <content>Questions about the way of a packet.</content>
internal sealed partial class RouteSocket
{
    /// <summary>Where the kernel would send a packet.</summary>
    internal RouteDecision Decide(RouteQuery query)
    {
        byte bits = (byte)IpText.Bits(query.Destination.AddressFamily);
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETROUTE, 0, new rtmsg
            {
                rtm_family = (byte)(bits == 32 ? LibC.AF_INET : LibC.AF_INET6),
                rtm_dst_len = bits,
                rtm_src_len = query.Source is null ? (byte)0 : bits,
                rtm_flags = bits == 32 ? Rt.RTM_F_LOOKUP_TABLE : 0, // of IPv6 the kernel takes it for an error, and tells the table anyway
            });
            _request.Attribute(Rt.RTA_DST, query.Destination);
            if (query.Source is not null)
            {
                _request.Attribute(Rt.RTA_SRC, query.Source);
            }

            if (query.InputLink != 0)
            {
                _request.Attribute(Rt.RTA_IIF, query.InputLink);
            }

            if (query.OutputLink != 0)
            {
                _request.Attribute(Rt.RTA_OIF, query.OutputLink);
            }

            if (query.Mark != 0)
            {
                _request.Attribute(Rt.RTA_MARK, query.Mark);
            }

            if (query.Protocol is Nf.IPPROTO_TCP or Nf.IPPROTO_UDP)
            {
                _request.Attribute(Rt.RTA_IP_PROTO, query.Protocol);
                _request.Attribute(Rt.RTA_DPORT, System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(query.DestinationPort));
            }

            NetlinkReply reply = _socket.Get(_request);
            return reply.Errno == 0 ? RouteDecision.Read(reply.Data.Span) : new RouteDecision(reply.Errno);
        }
    }

    /// <summary>All lines of all tables.</summary>
    internal List<FibEntry> GetFib() => Dump("list routes", Rt.RTM_GETROUTE, default(rtmsg), FibEntry.Read);

    /// <summary>All neighbours of all links, of both families.</summary>
    internal List<Neighbour> GetNeighbours() => Dump("list neighbours", Rt.RTM_GETNEIGH, default(ndmsg), Neighbour.Read);

    /// <summary>The forwarding databases of all bridges.</summary>
    internal List<ForwardingEntry> GetForwardingDatabase() =>
        Dump("list forwarding databases", Rt.RTM_GETNEIGH, new ndmsg { ndm_family = Br.PF_BRIDGE }, ForwardingEntry.Read);

    /// <summary>The routing policy of both families, in the order in which rules are asked.</summary>
    internal List<PolicyRule> GetPolicy()
    {
        List<PolicyRule> rules = Dump("list rules", Fra.RTM_GETRULE, default(fib_rule_hdr), PolicyRule.Read);
        rules.Sort(static (a, b) => a.Priority.CompareTo(b.Priority));
        return rules;
    }

    private delegate T? ItemReader<T>(ReadOnlySpan<byte> body)
        where T : class;

    private List<T> Dump<T, THeader>(string operation, ushort type, THeader header, ItemReader<T> read)
        where T : class
        where THeader : unmanaged
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(type, Nl.NLM_F_DUMP, header);
            return _socket.Dump(
                _request,
                operation,
                () => (read, list: new List<T>()),
                static (ref (ItemReader<T> read, List<T> list) state, ushort _, ReadOnlySpan<byte> body) =>
                {
                    if (state.read(body) is { } item)
                    {
                        state.list.Add(item);
                    }
                }).list;
        }
    }
}
