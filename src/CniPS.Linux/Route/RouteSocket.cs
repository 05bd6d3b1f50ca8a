using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>rtnetlink's questions, typed.</summary>
internal sealed partial class RouteSocket : IDisposable
{
    private const int LoopbackIndex = 1; // in every namespace: include/net/net_namespace.h, LOOPBACK_IFINDEX

    private readonly NetlinkSocket _socket;
    private readonly NetlinkBatch _request = new(256);
    private readonly object _gate = new();

    internal RouteSocket(NetlinkSocket socket) => _socket = socket;

    internal NetlinkSocket Socket => _socket;

    /// <summary>The link of a name, or null (RTM_GETLINK; no list is read).</summary>
    internal Link? FindLink(string name) => Link.CanBeNamed(name) ? GetLink(0, name) : null;

    /// <summary>The link of an index, or null. Nothing has index 0: it stands for no master, no peer.</summary>
    internal Link? FindLink(int index) => index == 0 ? null : GetLink(index, null);

    private Link? GetLink(int index, string? name)
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETLINK, 0, new ifinfomsg { ifi_index = index });
            if (name is not null)
            {
                _request.Attribute(If.IFLA_IFNAME, name);
            }

            _request.Attribute(If.IFLA_EXT_MASK, Rt.RTEXT_FILTER_SKIP_STATS);
            NetlinkReply reply = _socket.Get(_request);
            if (reply.Errno is Errno.ENODEV or Errno.ENOENT)
            {
                return null;
            }

            reply.ThrowIfFailed($"look up link {name ?? index.ToString()}");
            return Link.Read(reply.Data.Span);
        }
    }

    /// <summary>Whether the namespace forwards packets of a family (RTM_GETNETCONF, NETCONFA_FORWARDING): the same as the kernel parameter, without /proc.</summary>
    internal bool IsForwarding(bool v6)
    {
        lock (_gate)
        {
            _request.Clear();
            // struct netconfmsg is the family alone, padded.
            _request.Begin(Rt.RTM_GETNETCONF, 0, (uint)(int)(v6 ? LibC.AF_INET6 : LibC.AF_INET));
            _request.Attribute(Rt.NETCONFA_IFINDEX, Rt.NETCONFA_IFINDEX_ALL);
            NetlinkReply reply = _socket.Get(_request);
            if (reply.Errno != 0)
            {
                return false; // a kernel without the family forwards none of it
            }

            NetlinkMessage.Split<uint>(reply.Data.Span, out NetlinkAttributes attributes);
            while (attributes.Next())
            {
                if (attributes.Type == Rt.NETCONFA_FORWARDING)
                {
                    return attributes.S32 != 0;
                }
            }

            return false;
        }
    }

    /// <summary>This namespace's number for another one (RTM_GETNSID); null where it has none, so that no link of its own leads there.</summary>
    internal int? NumberOf(int descriptor)
    {
        lock (_gate)
        {
            _request.Clear();
            // struct rtgenmsg is the family alone, padded.
            _request.Begin(Rt.RTM_GETNSID, 0, 0u);
            _request.Attribute(Rt.NETNSA_FD, descriptor);
            NetlinkReply reply = _socket.Get(_request);
            reply.ThrowIfFailed("look up the number of a namespace");
            NetlinkMessage.Split<uint>(reply.Data.Span, out NetlinkAttributes attributes);
            while (attributes.Next())
            {
                if (attributes.Type == Rt.NETNSA_NSID)
                {
                    return attributes.S32 == Rt.NETNSA_NSID_NOT_ASSIGNED ? null : attributes.S32;
                }
            }

            return null;
        }
    }

    /// <summary>
    /// Whether the namespace of a number lives. One that nobody keeps any more has its number, and its pairs their other ends, until the kernel
    /// comes to end it; it lets nobody look into it from then on (RTM_GETLINK with IFLA_TARGET_NETNSID, Linux 4.15, answers EINVAL).
    /// </summary>
    internal bool IsAlive(int number)
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETLINK, 0, new ifinfomsg { ifi_index = LoopbackIndex });
            _request.Attribute(If.IFLA_TARGET_NETNSID, number);
            return _socket.Get(_request).Errno != Errno.EINVAL;
        }
    }

    /// <summary>All links.</summary>
    internal List<Link> GetLinks()
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETLINK, Nl.NLM_F_DUMP, default(ifinfomsg));
            _request.Attribute(If.IFLA_EXT_MASK, Rt.RTEXT_FILTER_SKIP_STATS);
            return _socket.Dump(_request, "list links", static () => new List<Link>(), static (ref List<Link> list, ushort type, ReadOnlySpan<byte> body) =>
                list.Add(Link.Read(body)));
        }
    }

    /// <summary>What each link has received and sent.</summary>
    internal List<LinkCounters> GetCounters()
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETLINK, Nl.NLM_F_DUMP, default(ifinfomsg));
            return _socket.Dump(
                _request, "list counters", static () => new List<LinkCounters>(), static (ref List<LinkCounters> list, ushort type, ReadOnlySpan<byte> body) =>
                {
                    if (LinkCounters.Read(body) is { } counters)
                    {
                        list.Add(counters);
                    }
                });
        }
    }

    /// <summary>The addresses of one link, or of all (index 0).</summary>
    internal List<InterfaceAddress> GetAddresses(int link)
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETADDR, Nl.NLM_F_DUMP, new ifaddrmsg { ifa_index = (uint)link });
            return _socket.Dump(
                _request,
                "list addresses",
                () => (link, list: new List<InterfaceAddress>()),
                static (ref (int link, List<InterfaceAddress> list) state, ushort type, ReadOnlySpan<byte> body) =>
                {
                    InterfaceAddress address = InterfaceAddress.Read(body);
                    if (state.link == 0 || address.LinkIndex == state.link)
                    {
                        state.list.Add(address);
                    }
                }).list;
        }
    }

    /// <summary>The VLANs that a bridge's port is in.</summary>
    internal List<BridgeVlans> GetBridgeVlans(int port)
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETLINK, Nl.NLM_F_DUMP, new ifinfomsg { ifi_family = Br.PF_BRIDGE });
            _request.Attribute(If.IFLA_EXT_MASK, Rt.RTEXT_FILTER_BRVLAN_COMPRESSED);
            return _socket.Dump(
                _request,
                "list the VLANs of bridge ports",
                () => (port, list: new List<BridgeVlans>()),
                static (ref (int port, List<BridgeVlans> list) state, ushort type, ReadOnlySpan<byte> body) =>
                {
                    List<BridgeVlans> vlans = BridgeVlans.Read(body, out int of);
                    if (of == state.port)
                    {
                        state.list.AddRange(vlans);
                    }
                }).list;
        }
    }

    /// <summary>The unicast routes of every table, or those out of one link.</summary>
    internal List<RouteEntry> GetRoutes(int link)
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Rt.RTM_GETROUTE, Nl.NLM_F_DUMP, default(rtmsg));
            return _socket.Dump(
                _request,
                "list routes",
                () => (link, list: new List<RouteEntry>()),
                static (ref (int link, List<RouteEntry> list) state, ushort type, ReadOnlySpan<byte> body) =>
                {
                    int before = state.list.Count;
                    RouteEntry.Read(body, state.list);
                    for (int i = state.list.Count - 1; state.link != 0 && i >= before; i--)
                    {
                        if (state.list[i].LinkIndex != state.link)
                        {
                            state.list.RemoveAt(i);
                        }
                    }
                }).list;
        }
    }

    /// <summary>The rules that choose a table, of both families.</summary>
    internal List<RuleEntry> GetRules()
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Fra.RTM_GETRULE, Nl.NLM_F_DUMP, default(fib_rule_hdr));
            return _socket.Dump(_request, "list rules", static () => new List<RuleEntry>(), static (ref List<RuleEntry> list, ushort type, ReadOnlySpan<byte> body) =>
            {
                if (RuleEntry.Read(body) is { } rule)
                {
                    list.Add(rule);
                }
            });
        }
    }

    /// <summary>How one link queues.</summary>
    internal List<Qdisc> GetQdiscs(int link)
    {
        lock (_gate)
        {
            _request.Clear();
            _request.Begin(Tc.RTM_GETQDISC, Nl.NLM_F_DUMP, new tcmsg { tcm_ifindex = link });
            return _socket.Dump(
                _request,
                "list qdiscs",
                () => (link, list: new List<Qdisc>()),
                static (ref (int link, List<Qdisc> list) state, ushort type, ReadOnlySpan<byte> body) =>
                {
                    if (Qdisc.Read(body, state.link) is { } qdisc)
                    {
                        state.list.Add(qdisc);
                    }
                }).list;
        }
    }

    public void Dispose() => _socket.Dispose();
}
