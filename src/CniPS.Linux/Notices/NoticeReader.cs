using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;
using CniPS.Linux.Route;

namespace CniPS.Linux.Notices;

/// <summary>Reads messages of rtnetlink and nf_tables, as they come unasked or in a dump, as items.</summary>
internal static class NoticeReader
{
    private const byte Bridge = 7; // AF_BRIDGE

    /// <summary>Reads a datagram of notices.</summary>
    /// <param name="datagram">The messages.</param>
    /// <param name="number">Where it happened.</param>
    /// <param name="notices">Takes them.</param>
    /// <param name="forwarding">Whether lines of forwarding databases are told, too.</param>
    internal static void Read(ReadOnlySpan<byte> datagram, int? number, List<Notice> notices, bool forwarding = false)
    {
        List<KernelItem> items = [];
        while (NetlinkMessage.TryTake(ref datagram, out nlmsghdr header, out ReadOnlySpan<byte> body))
        {
            if (header.nlmsg_type == Nlgrp.RTM_DELNSID)
            {
                AddEnd(body, notices);
                continue;
            }

            // The family tells a database's line, whose address is the machine behind it, from a neighbour.
            if (header.nlmsg_type is Nd.RTM_NEWNEIGH or Nd.RTM_DELNEIGH && forwarding && body[0] == Bridge)
            {
                if (ForwardingEntry.Read(body) is { } entry)
                {
                    notices.Add(new ForwardingNotice(number, entry, header.nlmsg_type == Nd.RTM_DELNEIGH));
                }

                continue;
            }

            items.Clear();
            ReadItems(header.nlmsg_type, body, items);
            foreach (KernelItem item in items)
            {
                notices.Add(IsDeparture(header.nlmsg_type)
                    ? new Departure(number, item)
                    : new Appearance(number, item, (header.nlmsg_flags & Nl.NLM_F_REPLACE) != 0));
            }
        }
    }

    /// <summary>Reads what stands behind nlmsghdr; nothing where the message is of nothing that is watched.</summary>
    internal static void ReadItems(ushort type, ReadOnlySpan<byte> body, List<KernelItem> items)
    {
        switch (type)
        {
            // Of a bridge's port (AF_BRIDGE) something else is said: that it is one.
            case Rt.RTM_NEWLINK or Rt.RTM_DELLINK when body[0] == 0:
                items.Add(new LinkItem(Link.Read(body)));
                break;
            case Rt.RTM_NEWADDR or Rt.RTM_DELADDR:
                items.Add(new AddressItem(InterfaceAddress.Read(body)));
                break;
            case Rt.RTM_NEWROUTE or Rt.RTM_DELROUTE when (NetlinkMessage.Split<rtmsg>(body, out _).rtm_flags & Nlgrp.RTM_F_CLONED) == 0:
                List<RouteEntry> routes = [];
                RouteEntry.Read(body, routes);
                foreach (RouteEntry route in routes)
                {
                    items.Add(new RouteItem(route));
                }

                break;
            // Those that needn't be asked (broadcast, multicast) come by themselves; a bridge's table has no IP addresses.
            case Nd.RTM_NEWNEIGH or Nd.RTM_DELNEIGH:
                if (Neighbour.Read(body) is { } neighbour && (neighbour.State & NeighbourState.NoArp) == 0)
                {
                    items.Add(new NeighbourItem(neighbour));
                }

                break;
            default:
                NftNoticeReader.ReadItems(type, body, items);
                break;
        }
    }

    private static bool IsDeparture(ushort type) => type is Rt.RTM_DELLINK or Rt.RTM_DELADDR or Rt.RTM_DELROUTE or Nd.RTM_DELNEIGH
        or Nf.NFT_MSG_DELTABLE or Nf.NFT_MSG_DELCHAIN or Nf.NFT_MSG_DELRULE or Nf.NFT_MSG_DELSET or Nf.NFT_MSG_DELSETELEM;

    private static void AddEnd(ReadOnlySpan<byte> body, List<Notice> notices)
    {
        // struct rtgenmsg is the family alone, padded.
        NetlinkMessage.Split<uint>(body, out NetlinkAttributes attributes);
        while (attributes.Next())
        {
            if (attributes.Type == Rt.NETNSA_NSID)
            {
                notices.Add(new NamespaceEnd(attributes.S32));
            }
        }
    }
}
