using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Changes;
using CniPS.Linux.Host;
using CniPS.Linux.Route;

namespace CniPS.Diagnosis;

/// <summary>
/// Whether a link answers who asks for an address: by ARP for any address of its namespace, unless <c>arp_ignore</c> says otherwise, and for others where it is a
/// proxy; by neighbour discovery only for addresses of its own (Documentation/networking/ip-sysctl.rst).
/// </summary>
internal static class NeighbourAnswers
{
    /// <summary>Whether it is for this link to answer.</summary>
    internal static bool Meant(LinkPath path, IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? HasItself(path, address)
        : path.View.HolderOf(address) is not null || (IsProxy(path) && Leads(path, address));

    /// <summary>Why it doesn't, though it should; null where it does. What is written down need not be asked for.</summary>
    internal static Cause? Silent(NamespaceView asker, Link output, LinkPath path, IPAddress address)
    {
        if (asker.Neighbours.Any(known => known.LinkIndex == output.Index && known.Address.Equals(address) && known.State.HasFlag(NeighbourState.Permanent)))
        {
            return null;
        }

        foreach ((NamespaceView view, Link link) in ((NamespaceView, Link)[])[(asker, output), (path.View, path.Link)])
        {
            if (link.IsWithoutArp && !link.IsLoopback)
            {
                return new Cause("ArpOff", view.Name, $"{link.Name} in {view.Name} neither asks for neighbours nor answers (NOARP)", BridgeCauses.In(view, $"ip link set {link.Name} arp on"));
            }
        }

        return address.AddressFamily == AddressFamily.InterNetwork && path.View.HolderOf(address) is not null ? Ignored(asker, output, path, address) : null;
    }

    /// <summary>A link behind which an address is, and that isn't allowed to say so: it is asked all the same, since the asker takes it to be on the link.</summary>
    internal static Cause? NoProxy(IReadOnlyList<LinkPath> paths, IPAddress address)
    {
        if (paths is not [{ IsExit: false, Steps.Count: 1 } path] || address.AddressFamily != AddressFamily.InterNetwork || IsProxy(path)
            || path.View.Number("net/ipv4/ip_forward") == 0 || !Leads(path, address))
        {
            return null;
        }

        return Cause.Mended(
            "ProxyArpOff", path.View.Name, $"{path.Link.Name} in {path.View.Name} is asked for {address}, which is behind it, and doesn't answer for others",
            new SysctlWrite(path.View.Namespace, Key(path.Link.Name, "proxy_arp"), "1"));
    }

    /// <summary>Whether an address is of those that nobody has, by which containers are given a gateway that a proxy answers for (169.254.0.0/16, RFC 3927).</summary>
    internal static bool IsMadeUp(IPAddress address) => address.GetAddressBytes() is [169, 254, _, _];

    private static Cause? Ignored(NamespaceView asker, Link output, LinkPath path, IPAddress address)
    {
        int mode = Math.Max(path.View.Number(Key("all", "arp_ignore")), path.View.Number(Key(path.Link.Name, "arp_ignore")));
        bool isSilent = mode switch
        {
            0 or 3 => false,
            1 => !HasItself(path, address),
            2 => !HasItself(path, address) || !path.View.Addresses.Any(held => held.LinkIndex == path.Link.Index && held.Address.Contains(address)
                && asker.Addresses.Any(own => own.LinkIndex == output.Index && held.Address.Contains(own.Address.Address))),
            _ => mode == 8,
        };
        if (!isSilent)
        {
            return null;
        }

        List<Change> repair = [];
        foreach (string name in (string[])["all", path.Link.Name])
        {
            if (path.View.Number(Key(name, "arp_ignore")) != 0)
            {
                repair.Add(new SysctlWrite(path.View.Namespace, Key(name, "arp_ignore"), "0"));
            }
        }

        return Cause.Mended("ArpIgnored", path.View.Name, $"{path.View.Name} doesn't answer {path.Link.Name} who asks for {address} (arp_ignore {mode})", repair);
    }

    private static bool HasItself(LinkPath path, IPAddress address) =>
        path.View.Addresses.Any(held => held.LinkIndex == path.Link.Index && held.Address.Address.Equals(address) && !held.IsDuplicate);

    private static bool IsProxy(LinkPath path) => path.View.Number(Key("all", "proxy_arp")) != 0 || path.View.Number(Key(path.Link.Name, "proxy_arp")) != 0;

    // A proxy answers for what it would send on by another link.
    private static bool Leads(LinkPath path, IPAddress address) =>
        path.View.Namespace.Decide(new RouteQuery(address)) is { IsWay: true, Type: RouteType.Unicast } decision && decision.LinkIndex != path.Link.Index;

    private static string Key(string link, string name) => $"net/ipv4/conf/{link}/{name}";
}
