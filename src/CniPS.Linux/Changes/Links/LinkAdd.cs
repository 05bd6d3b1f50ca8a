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
/// Makes a link of a kind that has no second end (RTM_NEWLINK): macvlan, ipvlan, vlan, dummy, vrf. It can appear in another namespace than
/// the link below it; kernels before 6.14 then refuse a name that is taken in this one.
/// </summary>
/// <param name="Namespace">Where the link below it is, if there is one.</param>
/// <param name="Name">Its name.</param>
/// <param name="Settings">Its kind, and what that kind has.</param>
public sealed record LinkAdd(NetworkNamespace Namespace, string Name, LinkSettings Settings) : RouteChange(Namespace)
{
    /// <summary>The link below it, or null.</summary>
    public LinkId? Lower { get; init; }

    /// <summary>Where it appears; null for the same namespace.</summary>
    public NetworkNamespace? Target { get; init; }

    /// <summary>Its MTU in bytes; 0 for that of the link below it, or the kernel's default.</summary>
    public int Mtu { get; init; }

    /// <summary>Its link-layer address; null lets the kernel choose.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>Whether it is set up at once.</summary>
    public bool Up { get; init; }

    private NetworkNamespace Destination => Target ?? Namespace;

    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            StringBuilder text = new("link add");
            if (Lower is { } lower)
            {
                text.Append($" link {ShellText.Quote(lower.Name)}");
            }

            text.Append($" name {ShellText.Quote(Name)}{(Up ? " up" : "")}");
            if (Mtu > 0)
            {
                text.Append($" mtu {Mtu}");
            }

            if (Mac is { } mac)
            {
                text.Append($" address {mac}");
            }

            if (Target is { } target)
            {
                text.Append($" netns {ShellText.Target(target)}");
            }

            return ShellText.Ip(Namespace, text.Append($" type {Settings.TextFor(ShellText.Quote)}").ToString());
        }
    }

    /// <inheritdoc/>
    public override string Operation => $"create {Settings.Kind} link {Name}";

    internal override void Write(NetlinkBatch batch)
    {
        // An echo goes to sockets of the link's namespace only.
        ushort echo = Target is null ? Nl.NLM_F_ECHO : (ushort)0;
        uint up = Up ? Rt.IFF_UP : 0;
        batch.Begin(
            Rt.RTM_NEWLINK,
            (ushort)(Nl.NLM_F_ACK | Nl.NLM_F_CREATE | Nl.NLM_F_EXCL | echo),
            new ifinfomsg { ifi_flags = up, ifi_change = up });
        batch.Attribute(If.IFLA_IFNAME, Name);
        if (Lower is { } lower)
        {
            batch.Attribute(If.IFLA_LINK, lower.Index);
        }

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

        if (Target is { } target)
        {
            batch.Attribute(If.IFLA_NET_NS_FD, target.Descriptor);
        }

        using (batch.Nested(If.IFLA_LINKINFO))
        {
            batch.Attribute(If.IFLA_INFO_KIND, Settings.Kind);
            if (Settings.HasData)
            {
                using (batch.Nested(If.IFLA_INFO_DATA))
                {
                    Settings.Write(batch);
                }
            }
        }
    }

    internal override Applied Made(in NetlinkReply reply)
    {
        Link? link = reply.Data.IsEmpty ? null : Link.Read(reply.Data.Span);
        return new Applied(this, new LinkDelete(Destination, link?.Id ?? new LinkId(Name, 0)), link);
    }

    internal override bool? IsSo(PlannedWorld world) =>
        world.Network(Destination).Find(Name) is { } link
        && link.Kind == Settings.Kind
        && (Mtu == 0 || Mtu == link.Mtu)
        && (Mac is null || Mac == link.Mac)
        && (link.Settings is null || link.Settings == Settings)
        && (Lower is not { } lower || world.Network(Namespace).Find(link.Peer)?.Name == lower.Name);

    internal override Applied Plan(PlannedWorld world)
    {
        PlannedNetwork network = world.Network(Destination);
        Link? lower = Lower is { } id ? world.Network(Namespace).Require(Operation, id.Name) : null;
        Link link = network.AddLink(Operation, Name, Settings.Kind, Mtu > 0 ? Mtu : lower?.Mtu ?? 0, Up, mac: Mac);
        link = network.Change(link with
        {
            Settings = Settings,
            Peer = lower?.Index ?? 0,
            PeerNamespaceId = lower is not null && Target is not null ? 0 : null,
        });
        return new Applied(this, new LinkDelete(Destination, link.Id), link);
    }
}
