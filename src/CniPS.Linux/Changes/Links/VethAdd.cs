using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>
/// Makes a pair of virtual Ethernet interfaces (veth(4)): one here, up and a bridge's port if a bridge is given, the other, down, in
/// another namespace. The kernel makes no peer that is up (ENOTCONN).
/// </summary>
/// <remarks>
/// Each end is asked to have one queue each way. Unasked it has that as well, but only after the kernel has made one for every processor that
/// there could be, each with a folder in sysfs, and taken all but one away again: on a machine with two processors that is two fifths of the time.
/// </remarks>
/// <param name="Namespace">Where this end is.</param>
/// <param name="Name">The name of this end.</param>
/// <param name="PeerNamespace">Where the other end is.</param>
/// <param name="PeerName">The name of the other end.</param>
public sealed record VethAdd(NetworkNamespace Namespace, string Name, NetworkNamespace PeerNamespace, string PeerName) : RouteChange(Namespace)
{
    private const string OneQueue = " numtxqueues 1 numrxqueues 1";

    /// <summary>The bridge this end becomes a port of, or null.</summary>
    public LinkId? Bridge { get; init; }

    /// <summary>The MTU of both ends, in bytes; 0 for the kernel's default.</summary>
    public int Mtu { get; init; }

    /// <summary>The link-layer address of the other end; null lets the kernel choose.</summary>
    public MacAddress? PeerMac { get; init; }

    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            StringBuilder text = new($"link add name {ShellText.Quote(Name)}{OneQueue} up");
            if (Mtu > 0)
            {
                text.Append($" mtu {Mtu}");
            }

            if (Bridge is { } bridge)
            {
                text.Append($" master {ShellText.Quote(bridge.Name)}");
            }

            text.Append($" type veth peer name {ShellText.Quote(PeerName)}{OneQueue}");
            if (Mtu > 0)
            {
                text.Append($" mtu {Mtu}");
            }

            if (PeerMac is { } mac)
            {
                text.Append($" address {mac}");
            }

            text.Append($" netns {ShellText.Quote(PeerNamespace.Name ?? PeerNamespace.Path)}");
            return ShellText.Ip(Namespace, text.ToString());
        }
    }

    /// <inheritdoc/>
    public override string Operation => $"create veth pair {Name} and {PeerName}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(
            Rt.RTM_NEWLINK,
            Nl.NLM_F_ACK | Nl.NLM_F_ECHO | Nl.NLM_F_CREATE | Nl.NLM_F_EXCL,
            new ifinfomsg { ifi_flags = Rt.IFF_UP, ifi_change = Rt.IFF_UP });
        WriteEnd(batch, Name);
        if (Bridge is { } bridge)
        {
            batch.Attribute(If.IFLA_MASTER, bridge.Index);
        }

        using (batch.Nested(If.IFLA_LINKINFO))
        {
            batch.Attribute(If.IFLA_INFO_KIND, "veth");
            using (batch.Nested(If.IFLA_INFO_DATA))
            {
                using (batch.Nested(If.VETH_INFO_PEER))
                {
                    batch.Raw(default(ifinfomsg));
                    WriteEnd(batch, PeerName);
                    if (PeerMac is { } mac)
                    {
                        Span<byte> bytes = stackalloc byte[6];
                        mac.CopyTo(bytes);
                        batch.Attribute(If.IFLA_ADDRESS, bytes);
                    }

                    batch.Attribute(If.IFLA_NET_NS_FD, PeerNamespace.Descriptor);
                }
            }
        }
    }

    private void WriteEnd(NetlinkBatch batch, string name)
    {
        batch.Attribute(If.IFLA_IFNAME, name);
        batch.Attribute(If.IFLA_NUM_TX_QUEUES, 1);
        batch.Attribute(If.IFLA_NUM_RX_QUEUES, 1);
        if (Mtu > 0)
        {
            batch.Attribute(If.IFLA_MTU, Mtu);
        }
    }

    internal override Applied Made(in NetlinkReply reply)
    {
        Link? link = reply.Data.IsEmpty ? null : Link.Read(reply.Data.Span);
        return new Applied(this, new LinkDelete(Namespace, link?.Id ?? new LinkId(Name, 0)), link);
    }

    internal override bool? IsSo(PlannedWorld world)
    {
        PlannedNetwork here = world.Network(Namespace);
        return here.Find(Name) is { Kind: "veth" } link
            && world.Network(PeerNamespace).Find(PeerName) is { Kind: "veth" } peer
            && peer.Index == link.Peer
            && peer.Peer == link.Index
            && (Mtu == 0 || Mtu == link.Mtu)
            && (PeerMac is null || PeerMac == peer.Mac)
            && (Bridge is not { } bridge || here.Find(link.Master)?.Name == bridge.Name);
    }

    // One that was there before under the same names has another address.
    internal override bool? WasMade(PlannedWorld world) => IsSo(world) == false ? false : PeerMac is null ? null : true;

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork peers = world.Network(PeerNamespace);
        PlannedNetwork here = world.Network(Namespace);
        peers.RefuseTaken(Operation, PeerName);
        Link link = here.AddLink(Operation, Name, "veth", Mtu, isUp: true, master: Bridge?.Index ?? 0);
        Link peer = peers.AddLink(Operation, PeerName, "veth", Mtu, isUp: false, mac: PeerMac);
        link = here.Change(link with { Peer = peer.Index, PeerNamespaceId = 0 });
        peers.Change(peer with { Peer = link.Index, PeerNamespaceId = 0 });
        return new Applied(this, new LinkDelete(Namespace, link.Id), link);
    }
}
