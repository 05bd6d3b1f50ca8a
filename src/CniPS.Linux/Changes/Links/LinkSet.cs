using System;
using System.Text;
using CniPS.Linux.Host;
using CniPS.Linux.Interop;
using CniPS.Linux.Namespaces;
using CniPS.Linux.Netlink;
using CniPS.Linux.Programs;
using CniPS.Linux.Route;

namespace CniPS.Linux.Changes;

/// <summary>Changes a link (RTM_NEWLINK without NLM_F_CREATE). What stays null is left as it is.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Link">Which.</param>
public sealed record LinkSet(NetworkNamespace Namespace, LinkId Link) : RouteChange(Namespace)
{
    /// <summary>Up or down.</summary>
    public bool? Up { get; init; }

    /// <summary>Promiscuous mode on or off.</summary>
    public bool? Promiscuous { get; init; }

    /// <summary>Reception of every multicast on or off.</summary>
    public bool? AllMulticast { get; init; }

    /// <summary>The length of the transmit queue in packets.</summary>
    public int? TransmitQueueLength { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>The link-layer address.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>A new name. Kernels before 6.2 want the link down for it.</summary>
    public string? Name { get; init; }

    /// <summary>A new alias; empty for none.</summary>
    public string? Alias { get; init; }

    /// <summary>The link it is enslaved to; one with index 0 sets it free.</summary>
    public LinkId? Master { get; init; }

    /// <summary>
    /// Gives the link the address that it has: a bridge follows the lowest address of its ports until it is given one
    /// (addr_assign_type NET_ADDR_SET).
    /// </summary>
    public bool PinMac { get; init; }

    /// <summary>What takes it back; null where that isn't known or not wanted.</summary>
    public Change? Undo { get; init; }

    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            StringBuilder text = new($"link set {ShellText.Quote(Link.Name)}");
            if (Mtu is { } mtu)
            {
                text.Append($" mtu {mtu}");
            }

            if (Mac is { } mac && !PinMac)
            {
                text.Append($" address {mac}");
            }

            if (Name is { } name)
            {
                text.Append($" name {ShellText.Quote(name)}");
            }

            if (Alias is { } alias)
            {
                text.Append($" alias {ShellText.Quote(alias)}");
            }

            if (Master is { } master)
            {
                text.Append(master.Index == 0 ? " nomaster" : $" master {ShellText.Quote(master.Name)}");
            }

            if (Promiscuous is { } promiscuous)
            {
                text.Append(promiscuous ? " promisc on" : " promisc off");
            }

            if (AllMulticast is { } allMulticast)
            {
                text.Append(allMulticast ? " allmulticast on" : " allmulticast off");
            }

            if (TransmitQueueLength is { } length)
            {
                text.Append($" txqueuelen {length}");
            }

            if (Up is { } up)
            {
                text.Append(up ? " up" : " down");
            }

            if (PinMac)
            {
                // As a command that needs no address known beforehand.
                string look = ShellText.Ip(Namespace, $"-br link show dev {ShellText.Quote(Link.Name)}");
                text.Append($" address \"$({look} | awk '{{print $3}}')\"");
            }

            return ShellText.Ip(Namespace, text.ToString());
        }
    }

    /// <inheritdoc/>
    public override string Operation => Name is { } name ? $"rename link {Link.Name} to {name}" : Up is { } up ? $"set link {Link.Name} {(up ? "up" : "down")}" : $"change link {Link.Name}";

    internal override void Write(NetlinkBatch batch)
    {
        ifinfomsg header = new() { ifi_index = Link.Index };
        Flag(ref header, Rt.IFF_UP, Up);
        Flag(ref header, Rt.IFF_PROMISC, Promiscuous);
        Flag(ref header, Rt.IFF_ALLMULTI, AllMulticast);
        batch.Begin(Rt.RTM_NEWLINK, Nl.NLM_F_ACK, header);
        if (Mtu is { } mtu)
        {
            batch.Attribute(If.IFLA_MTU, mtu);
        }

        if (TransmitQueueLength is { } length)
        {
            batch.Attribute(If.IFLA_TXQLEN, length);
        }

        if (Mac is { } mac)
        {
            Span<byte> bytes = stackalloc byte[6];
            mac.CopyTo(bytes);
            batch.Attribute(If.IFLA_ADDRESS, bytes);
        }

        if (Name is { } name)
        {
            batch.Attribute(If.IFLA_IFNAME, name);
        }

        if (Alias is { } alias)
        {
            batch.Unterminated(If.IFLA_IFALIAS, alias);
        }

        if (Master is { } master)
        {
            batch.Attribute(If.IFLA_MASTER, master.Index);
        }

        static void Flag(ref ifinfomsg header, uint flag, bool? value)
        {
            if (value is { } on)
            {
                header.ifi_change |= flag;
                header.ifi_flags |= on ? flag : 0;
            }
        }
    }

    internal override Applied Made(in NetlinkReply reply) => new(this, Undo);

    internal override bool? IsSo(PlannedWorld world) =>
        world.Network(Namespace).Find(Name ?? Link.Name) is { } link
        && (Up ?? link.IsUp) == link.IsUp
        && (Promiscuous ?? link.IsPromiscuous) == link.IsPromiscuous
        && (AllMulticast ?? link.IsAllMulticast) == link.IsAllMulticast
        && (TransmitQueueLength ?? link.TransmitQueueLength) == link.TransmitQueueLength
        && (Mtu ?? link.Mtu) == link.Mtu
        && (Mac ?? link.Mac) == link.Mac
        && (Alias ?? link.Alias ?? "") == (link.Alias ?? "")
        && (!PinMac || link.Mac is not null) // whether it is pinned, rtnetlink doesn't tell
        && (Master is not { } master || (master.Index == 0 ? link.Master == 0 : world.Network(Namespace).Find(link.Master)?.Name == master.Name));

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork network = world.Network(Namespace);
        Link link = network.Require(Operation, Link.Name);
        if (Name is { } name && name != link.Name)
        {
            network.RefuseTaken(Operation, name);
        }

        link = network.Change(link with
        {
            IsUp = Up ?? link.IsUp,
            IsPromiscuous = Promiscuous ?? link.IsPromiscuous,
            IsAllMulticast = AllMulticast ?? link.IsAllMulticast,
            TransmitQueueLength = TransmitQueueLength ?? link.TransmitQueueLength,
            Mtu = Mtu ?? link.Mtu,
            Mac = Mac ?? link.Mac,
            Name = Name ?? link.Name,
            Alias = Alias is null ? link.Alias : Alias.Length > 0 ? Alias : null,
            Master = Master switch
            {
                null => link.Master,
                { Index: 0 } => 0,
                { } master => network.Require(Operation, master.Name).Index,
            },
        });
        return new Applied(this, Undo, link);
    }
}
