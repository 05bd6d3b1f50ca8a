using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Takes a line from a bridge's forwarding database, so that the bridge learns again behind which port an address is (RTM_DELNEIGH of PF_BRIDGE). One that isn't
/// there counts as taken. There is no undo: what is true is learnt again.
/// </summary>
/// <param name="Namespace">Where.</param>
/// <param name="Port">The port that the line names.</param>
/// <param name="Mac">The link-layer address.</param>
/// <param name="Vlan">The VLAN; 0 for none.</param>
public sealed record BridgeForwardingDelete(NetworkNamespace Namespace, LinkId Port, MacAddress Mac, ushort Vlan = 0) : RouteChange(Namespace)
{
    /// <inheritdoc/>
    public override string Text => ShellText.Ip(Namespace, $"fdb del {Mac} dev {ShellText.Quote(Port.Name)} master{(Vlan == 0 ? "" : $" vlan {Vlan}")}", "bridge");

    /// <inheritdoc/>
    public override string Operation => $"forget that {Mac} is behind {Port.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(Nd.RTM_DELNEIGH, Nl.NLM_F_ACK, new ndmsg
        {
            ndm_family = Br.PF_BRIDGE,
            ndm_ifindex = Port.Index,
            ndm_state = (ushort)(NeighbourState.Permanent | NeighbourState.NoArp),
            ndm_flags = Nd.NTF_MASTER,
        });
        System.Span<byte> bytes = stackalloc byte[6];
        Mac.CopyTo(bytes);
        batch.Attribute(Nd.NDA_LLADDR, bytes);
        if (Vlan != 0)
        {
            batch.Attribute(Nd.NDA_VLAN, Vlan);
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this);

    internal override bool Tolerates(int errno) => errno is Errno.ENOENT or Errno.ENODEV;

    internal override Applied Plan(PlannedWorld world) => new(this);
}
