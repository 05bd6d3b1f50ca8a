using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Puts a bridge's port into VLANs, or changes what happens to the tags of those it is in (RTM_SETLINK, IFLA_BRIDGE_VLAN_INFO). There is no
/// undo: a port is given its VLANs when it is made, and takes them along.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Port">The port.</param>
/// <param name="Vlans">The VLANs.</param>
public sealed record BridgeVlanAdd(NetworkNamespace Namespace, LinkId Port, BridgeVlans Vlans) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"vlan add dev {ShellText.Quote(Port.Name)} vid {Vlans}", "bridge");

    /// <inheritdoc/>
    public override string Operation => $"add VLAN {Vlans.Range} to bridge port {Port.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Rt.RTM_SETLINK, Nl.NLM_F_ACK, new ifinfomsg { ifi_family = Br.PF_BRIDGE, ifi_index = Port.Index });
        using NetlinkBatch.Nest specification = batch.Nested(If.IFLA_AF_SPEC);
        Vlans.Write(batch);
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => world.Network(Namespace).HasVlans(Port.Name, Vlans);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).AddVlans(Operation, Port.Name, Vlans);
        return new Applied(this);
    }
}

/// <summary>Takes a bridge's port out of VLANs (RTM_DELLINK of PF_BRIDGE, IFLA_BRIDGE_VLAN_INFO); those that it isn't in don't matter. There is no undo.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Port">The port.</param>
/// <param name="First">The first VLAN.</param>
/// <param name="Last">The last VLAN.</param>
public sealed record BridgeVlanDelete(NetworkNamespace Namespace, LinkId Port, ushort First, ushort Last) : RouteChange(Namespace)
{
    private BridgeVlans Vlans => new(First, Last);

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"vlan del dev {ShellText.Quote(Port.Name)} vid {Vlans}", "bridge");

    /// <inheritdoc/>
    public override string Operation => $"remove VLAN {Vlans.Range} from bridge port {Port.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Rt.RTM_DELLINK, Nl.NLM_F_ACK, new ifinfomsg { ifi_family = Br.PF_BRIDGE, ifi_index = Port.Index });
        using NetlinkBatch.Nest specification = batch.Nested(If.IFLA_AF_SPEC);
        Vlans.Write(batch);
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool? IsSo(PlannedWorld world) => !world.Network(Namespace).HasAnyVlan(Port.Name, Vlans);

    internal override Applied Plan(PlannedWorld world)
    {
        world.Network(Namespace).RemoveVlans(Operation, Port.Name, Vlans);
        return new Applied(this);
    }
}
