using System;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Makes a bridge, up (RTM_NEWLINK, kind <c>bridge</c>).</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mtu">Its MTU in bytes; 0 for the kernel's default.</param>
/// <param name="VlanFiltering">Whether it looks at VLAN tags.</param>
public sealed record BridgeAdd(NetworkNamespace Namespace, string Name, int Mtu = 0, bool VlanFiltering = false) : RouteChange(Namespace)
{
    private const ushort KernelDefaultVlan = 1;

    /// <summary>Its address, which it keeps whatever its ports have; null for one that the kernel chooses, and changes as ports come.</summary>
    public MacAddress? Mac { get; init; }

    /// <inheritdoc/>
    public override string Text => ShellText.Ip(
        Namespace,
        $"link add name {ShellText.Quote(Name)} up{(Mtu > 0 ? $" mtu {Mtu}" : "")}{(Mac is { } mac ? $" address {mac}" : "")} type bridge{(VlanFiltering ? " vlan_filtering 1" : "")}");

    /// <inheritdoc/>
    public override string Operation => $"create bridge {Name}";

    internal override void Write(NetlinkBatch batch)
    {
        batch.Begin(
            Rt.RTM_NEWLINK,
            Nl.NLM_F_ACK | Nl.NLM_F_ECHO | Nl.NLM_F_CREATE | Nl.NLM_F_EXCL,
            new ifinfomsg { ifi_flags = Rt.IFF_UP, ifi_change = Rt.IFF_UP });
        batch.Attribute(If.IFLA_IFNAME, Name);
        if (Mtu > 0)
        {
            batch.Attribute(If.IFLA_MTU, Mtu);
        }

        if (Mac is { } mac)
        {
            Span<byte> bytes = stackalloc byte[6];
            mac.CopyTo(bytes);
            batch.Attribute(If.IFLA_ADDRESS, bytes);
        }

        using (batch.Nested(If.IFLA_LINKINFO))
        {
            batch.Attribute(If.IFLA_INFO_KIND, "bridge");
            if (VlanFiltering)
            {
                using (batch.Nested(If.IFLA_INFO_DATA))
                {
                    batch.Attribute(If.IFLA_BR_VLAN_FILTERING, (byte)1);
                }
            }
        }
    }

    internal override Applied Made(in NetlinkReply reply)
    {
        Link? link = reply.Data.IsEmpty ? null : Link.Read(reply.Data.Span);
        return new Applied(this, new LinkDelete(Namespace, link?.Id ?? new LinkId(Name, 0)), link);
    }

    internal override bool? IsSo(PlannedWorld world) =>
        world.Network(Namespace).Find(Name) is { Kind: "bridge" } link && (Mtu == 0 || Mtu == link.Mtu) && (link.VlanFiltering || !VlanFiltering);

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork network = world.Network(Namespace);
        Link link = network.AddLink(Operation, Name, "bridge", Mtu, isUp: true);
        link = network.Change(link with { VlanFiltering = VlanFiltering, Mac = Mac ?? link.Mac, DefaultVlan = KernelDefaultVlan });
        return new Applied(this, new LinkDelete(Namespace, link.Id), link);
    }
}
