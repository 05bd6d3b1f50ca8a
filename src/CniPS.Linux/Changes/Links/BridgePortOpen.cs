using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Sets a bridge's port to the state that forwards (RTM_SETLINK of PF_BRIDGE, IFLA_BRPORT_STATE). The kernel takes it where no spanning tree runs, which would
/// choose itself. There is no undo: which state it had said nothing that anybody wants back.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Port">The port.</param>
public sealed record BridgePortOpen(NetworkNamespace Namespace, LinkId Port) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"link set dev {ShellText.Quote(Port.Name)} state {(byte)BridgePortState.Forwarding}", "bridge");

    /// <inheritdoc/>
    public override string Operation => $"open bridge port {Port.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Rt.RTM_SETLINK, Nl.NLM_F_ACK, new ifinfomsg { ifi_family = Br.PF_BRIDGE, ifi_index = Port.Index });
        using NetlinkBatch.Nest settings = batch.Nested(If.IFLA_PROTINFO, flag: true);
        batch.Attribute(If.IFLA_BRPORT_STATE, (byte)BridgePortState.Forwarding);
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override Applied Plan(PlannedWorld world) => new(this);
}
