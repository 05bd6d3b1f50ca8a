using System;
using System.Collections.Generic;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Notices;

/// <summary>Reads what a namespace has: the beginning of what notices then change.</summary>
public static class KernelState
{
    /// <summary>Reads everything.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="kinds">Which kinds.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static IReadOnlyList<KernelItem> Read(NetworkNamespace ns, IReadOnlyCollection<KernelItemKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(ns);
        ArgumentNullException.ThrowIfNull(kinds);
        List<KernelItem> items = [];
        using (NetlinkSocket route = ns.OpenSocket(Nl.NETLINK_ROUTE))
        {
            foreach (KernelItemKind kind in kinds)
            {
                switch (kind)
                {
                    case KernelItemKind.Link: Dump(route, Rt.RTM_GETLINK, default(ifinfomsg), "list links", items, If.IFLA_EXT_MASK, Rt.RTEXT_FILTER_SKIP_STATS); break;
                    case KernelItemKind.Address: Dump(route, Rt.RTM_GETADDR, default(ifaddrmsg), "list addresses", items); break;
                    case KernelItemKind.Route: Dump(route, Rt.RTM_GETROUTE, default(rtmsg), "list routes", items); break;
                    case KernelItemKind.Neighbour: Dump(route, Rt.RTM_GETNEIGH, default(ndmsg), "list neighbours", items); break;
                }
            }
        }

        foreach (KernelItemKind kind in kinds)
        {
            if (kind == KernelItemKind.Rule)
            {
                ReadRules(ns, items);
            }
        }

        return items;
    }

    private static void ReadRules(NetworkNamespace ns, List<KernelItem> items)
    {
        using NetlinkSocket socket = ns.OpenSocket(Nl.NETLINK_NETFILTER);
        try
        {
            foreach (ushort type in (ReadOnlySpan<ushort>)[Nf.NFT_MSG_GETTABLE, Nf.NFT_MSG_GETCHAIN, Nf.NFT_MSG_GETRULE])
            {
                Dump(socket, type, default(nfgenmsg), "list nf_tables", items);
            }

            NetlinkBatch request = new(64);
            request.Begin(Nf.NFT_MSG_GETSET, Nl.NLM_F_DUMP, default(nfgenmsg));
            foreach ((byte family, string table, string set) in socket.Dump(request, "list sets", static () => new List<(byte, string, string)>(), AddSetName))
            {
                NetlinkBatch elements = new(256);
                elements.Begin(Nf.NFT_MSG_GETSETELEM, Nl.NLM_F_DUMP, new nfgenmsg { nfgen_family = family });
                elements.Attribute(Nf.NFTA_SET_ELEM_LIST_TABLE, table);
                elements.Attribute(Nf.NFTA_SET_ELEM_LIST_SET, set);
                try
                {
                    Dump(socket, elements, $"list set {set}", items);
                }
                catch (LinuxException e) when (e.IsNotFound)
                {
                    // It went away in between, of which there is a notice.
                }
            }

            Dump(socket, Nf.NFT_MSG_GETSET, default(nfgenmsg), "list sets", items);
        }
        catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            // A kernel without nf_tables has none.
        }
    }

    private static void AddSetName(ref List<(byte Family, string Table, string Set)> names, ushort type, ReadOnlySpan<byte> body)
    {
        nfgenmsg header = NetlinkMessage.Split<nfgenmsg>(body, out NetlinkAttributes attributes);
        string table = "", name = "";
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nf.NFTA_SET_TABLE: table = attributes.Text; break;
                case Nf.NFTA_SET_NAME: name = attributes.Text; break;
            }
        }

        names.Add((header.nfgen_family, table, name));
    }

    private static void Dump<THeader>(
        NetlinkSocket socket, ushort type, THeader header, string operation, List<KernelItem> items, ushort attribute = 0, uint value = 0)
        where THeader : unmanaged
    {
        NetlinkBatch request = new(64);
        request.Begin(type, Nl.NLM_F_DUMP, header);
        if (attribute != 0)
        {
            request.Attribute(attribute, value);
        }

        Dump(socket, request, operation, items);
    }

    private static void Dump(NetlinkSocket socket, NetlinkBatch request, string operation, List<KernelItem> items) =>
        items.AddRange(socket.Dump(
            request,
            operation,
            static () => new List<KernelItem>(),
            static (ref List<KernelItem> list, ushort type, ReadOnlySpan<byte> body) => NoticeReader.ReadItems(type, body, list)));
}
