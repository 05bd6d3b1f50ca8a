using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Changes a bridge's port (RTM_NEWLINK, IFLA_INFO_SLAVE_DATA). The kernel takes it for a link that is a port already, not while making one.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">The port.</param>
/// <param name="Hairpin">Whether a frame may leave by the port it came in (IFLA_BRPORT_MODE).</param>
/// <param name="Isolated">Whether frames go to non-isolated ports only (IFLA_BRPORT_ISOLATED).</param>
public sealed record BridgePortSet(NetworkNamespace Namespace, LinkId Link, bool Hairpin, bool Isolated) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(
        Namespace,
        $"link set dev {ShellText.Quote(Link.Name)} hairpin {OnOff(Hairpin)} isolated {OnOff(Isolated)}",
        "bridge");

    /// <inheritdoc/>
    public override string Operation => $"change bridge port {Link.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Rt.RTM_NEWLINK, Nl.NLM_F_ACK, new ifinfomsg { ifi_index = Link.Index });
        using (batch.Nested(If.IFLA_LINKINFO))
        {
            batch.Attribute(If.IFLA_INFO_SLAVE_KIND, "bridge");
            using (batch.Nested(If.IFLA_INFO_SLAVE_DATA))
            {
                batch.Attribute(If.IFLA_BRPORT_MODE, (byte)(Hairpin ? 1 : 0));
                batch.Attribute(If.IFLA_BRPORT_ISOLATED, (byte)(Isolated ? 1 : 0));
            }
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) =>
        world.Network(Namespace).Find(Link.Name) is { } port && port.Hairpin == Hairpin && port.Isolated == Isolated;

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork network = world.Network(Namespace);
        network.Change(network.Require(Operation, Link.Name) with { Hairpin = Hairpin, Isolated = Isolated });
        return new Applied(this);
    }

    private static string OnOff(bool value) => value ? "on" : "off";
}
