using System;
using System.Net;
using System.Net.Sockets;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Writes down a neighbour, so that nobody is asked for it (RTM_NEWNEIGH, NUD_PERMANENT); it takes the place of what was known of it.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The link it is on.</param>
/// <param name="Address">Its address.</param>
/// <param name="Mac">Its link-layer address.</param>
public sealed record NeighbourSet(NetworkNamespace Namespace, LinkId Link, IPAddress Address, MacAddress Mac) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"neigh replace {Address} lladdr {Mac} dev {ShellText.Quote(Link.Name)} nud permanent");

    /// <inheritdoc/>
    public override string Operation => $"set neighbour {Address} on {Link.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        NeighbourMessage.Begin(batch, Nd.RTM_NEWNEIGH, Nl.NLM_F_CREATE | Nl.NLM_F_REPLACE, Link, Address);
        NeighbourMessage.Write(batch, Mac);
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, new NeighbourDelete(Namespace, Link, Address));

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).HasNeighbour(Link.Name, Address, Mac);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).SetNeighbour(Operation, Link.Name, Address, Mac);
        return new Applied(this, new NeighbourDelete(Namespace, Link, Address));
    }
}

/// <summary>Forgets a neighbour (RTM_DELNEIGH). One that is gone already counts as forgotten. It can't be undone.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The link it is on.</param>
/// <param name="Address">Its address.</param>
public sealed record NeighbourDelete(NetworkNamespace Namespace, LinkId Link, IPAddress Address) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"neigh del {Address} dev {ShellText.Quote(Link.Name)}");

    /// <inheritdoc/>
    public override string Operation => $"delete neighbour {Address} on {Link.Name}";

    internal override void Write(NetlinkBatch batch) => NeighbourMessage.Begin(batch, Nd.RTM_DELNEIGH, 0, Link, Address);

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool Tolerates(int errno) => errno is Errno.ENOENT or Errno.ENODEV;

    internal override bool? IsSo(PlannedWorld world) => !world.Network(Namespace).HasNeighbour(Link.Name, Address, null);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).RemoveNeighbour(Link.Name, Address);
        return new Applied(this);
    }
}

/// <summary>What both messages share.</summary>
internal static class NeighbourMessage
{
    internal static void Begin(NetlinkBatch batch, ushort type, ushort flags, LinkId link, IPAddress address)
    {
        batch.Begin(type, (ushort)(flags | Nl.NLM_F_ACK), new ndmsg
        {
            ndm_family = (byte)(address.AddressFamily == AddressFamily.InterNetworkV6 ? LibC.AF_INET6 : LibC.AF_INET),
            ndm_ifindex = link.Index,
            ndm_state = (ushort)NeighbourState.Permanent,
        });
        batch.Attribute(Nd.NDA_DST, address);
    }

    internal static void Write(NetlinkBatch batch, MacAddress mac)
    {
        Span<byte> bytes = stackalloc byte[6];
        mac.CopyTo(bytes);
        batch.Attribute(Nd.NDA_LLADDR, bytes);
    }
}
