using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Has the kernel announce an interface's IPv4 addresses by gratuitous ARP when it comes up: the kernel parameter <c>arp_notify</c>, but set
/// through rtnetlink (IFLA_AF_SPEC). /proc/sys gets slower with every namespace that has an interface of the same name.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">Which.</param>
public sealed record ArpNotifySet(NetworkNamespace Namespace, LinkId Link) : RouteChange(Namespace)
{
    private string Parameter => $"net/ipv4/conf/{Link.Name}/arp_notify";

    /// <inheritdoc/>
    public override string Text => ShellText.Inside(Namespace, $"sysctl -qw {ShellText.Quote(Parameter + "=1")}");

    /// <inheritdoc/>
    public override string Operation => $"set kernel parameter {Parameter} to 1";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Rt.RTM_NEWLINK, Nl.NLM_F_ACK, new ifinfomsg { ifi_index = Link.Index });
        using (batch.Nested(If.IFLA_AF_SPEC))
        using (batch.Nested((ushort)LibC.AF_INET))
        using (batch.Nested(If.IFLA_INET_CONF))
        {
            batch.Attribute(If.IPV4_DEVCONF_ARP_NOTIFY, 1u);
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).ReadSysctl(Parameter) == "1";

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).WriteSysctl(Parameter, "1");
        return new Applied(this);
    }
}
