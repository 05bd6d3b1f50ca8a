using System.Net;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Says to which machine a VXLAN's frames for an address go (RTM_NEWNEIGH of AF_BRIDGE, NTF_SELF), in place of what was said of that address.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The VXLAN's link.</param>
/// <param name="Mac">The frames' address.</param>
/// <param name="Remote">The machine's address.</param>
public sealed record ForwardingSet(NetworkNamespace Namespace, LinkId Link, MacAddress Mac, IPAddress Remote) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"fdb replace {Mac} dev {ShellText.Quote(Link.Name)} dst {Remote}", "bridge");

    /// <inheritdoc/>
    public override string Operation => $"send frames of {Link.Name} for {Mac} to {Remote}";

    internal override void Write(NetlinkBatch batch) =>
        ForwardingMessage.Write(batch, Nd.RTM_NEWNEIGH, Nl.NLM_F_CREATE | Nl.NLM_F_REPLACE, Link, Mac, Remote);

    internal override Applied Made(in NetlinkReply reply) => new(this, new ForwardingDelete(Namespace, Link, Mac, Remote));

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).HasForwarding(Link.Name, Mac, Remote);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).SetForwarding(Operation, Link.Name, Mac, Remote);
        return new Applied(this, new ForwardingDelete(Namespace, Link, Mac, Remote));
    }
}

/// <summary>Forgets to which machine a VXLAN's frames for an address go (RTM_DELNEIGH of AF_BRIDGE). What is gone already counts as forgotten.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The VXLAN's link.</param>
/// <param name="Mac">The frames' address.</param>
/// <param name="Remote">The machine's address.</param>
public sealed record ForwardingDelete(NetworkNamespace Namespace, LinkId Link, MacAddress Mac, IPAddress Remote) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"fdb del {Mac} dev {ShellText.Quote(Link.Name)} dst {Remote}", "bridge");

    /// <inheritdoc/>
    public override string Operation => $"send frames of {Link.Name} for {Mac} to {Remote} no more";

    internal override void Write(NetlinkBatch batch) => ForwardingMessage.Write(batch, Nd.RTM_DELNEIGH, 0, Link, Mac, Remote);

    internal override Applied Made(in NetlinkReply reply) => new(this, new ForwardingSet(Namespace, Link, Mac, Remote));

    internal override bool Tolerates(int errno) => errno is Errno.ENOENT or Errno.ENODEV;

    internal override bool? IsSo(PlannedWorld world) => !world.Network(Namespace).HasForwarding(Link.Name, Mac, Remote);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).RemoveForwarding(Link.Name, Mac, Remote);
        return new Applied(this, new ForwardingSet(Namespace, Link, Mac, Remote));
    }
}

/// <summary>What both messages share.</summary>
internal static class ForwardingMessage
{
    internal static void Write(NetlinkBatch batch, ushort type, ushort flags, LinkId link, MacAddress mac, IPAddress remote)
    {
        batch.Begin(type, (ushort)(flags | Nl.NLM_F_ACK), new ndmsg
        {
            ndm_family = Br.PF_BRIDGE,
            ndm_ifindex = link.Index,
            ndm_state = (ushort)(NeighbourState.Permanent | NeighbourState.NoArp),
            ndm_flags = Nd.NTF_SELF,
        });
        NeighbourMessage.Write(batch, mac);
        batch.Attribute(Nd.NDA_DST, remote);
    }
}
