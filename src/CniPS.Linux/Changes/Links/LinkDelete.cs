using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Deletes a link, and its peer with it (RTM_DELLINK). One that is gone already counts as deleted. It can't be undone.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">Which; index 0 goes by the name.</param>
public sealed record LinkDelete(NetworkNamespace Namespace, LinkId Link) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"link del {ShellText.Quote(Link.Name)}");

    /// <inheritdoc/>
    public override string Operation => $"delete link {Link.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Rt.RTM_DELLINK, Nl.NLM_F_ACK | Nl.NLM_F_ECHO, new ifinfomsg { ifi_index = Link.Index });
        if (Link.Index == 0)
        {
            batch.Attribute(If.IFLA_IFNAME, Link.Name);
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool Tolerates(int errno) => errno == Errno.ENODEV;

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).Find(Link.Name) is null;

    internal override Applied Plan(PlannedWorld world)
    {
        world.RemoveLink(Namespace, Link.Name);
        return new Applied(this);
    }
}
