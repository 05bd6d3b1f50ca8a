using System;
using System.Text;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>A network interface as rtnetlink describes it (RTM_NEWLINK, rtnetlink(7)).</summary>
public sealed record Link
{
    /// <summary>The name (IFLA_IFNAME).</summary>
    public required string Name { get; init; }

    /// <summary>Whether a link can have a name: results of others can hold any text.</summary>
    /// <param name="name">The name.</param>
    public static bool CanBeNamed(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAny('/', '\0') && Encoding.UTF8.GetByteCount(name) < 16; // IFNAMSIZ

    /// <summary>The index, unique in its namespace.</summary>
    public required int Index { get; init; }

    /// <summary>The kind (IFLA_INFO_KIND): <c>veth</c>, <c>bridge</c>, ...; null for hardware and loopback.</summary>
    public string? Kind { get; init; }

    /// <summary>What its kind has beyond that (IFLA_INFO_DATA); null for kinds of which nothing is needed here.</summary>
    public LinkSettings? Settings { get; init; }

    /// <summary>A text that somebody gave it (IFLA_IFALIAS); null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>The link-layer address; null where there is none, or where a plan can't know it.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>Whether it is administratively up (IFF_UP).</summary>
    public bool IsUp { get; init; }

    /// <summary>Whether what it is plugged into is there and up (IFF_LOWER_UP): of a veth, its other end.</summary>
    public bool HasCarrier { get; init; }

    /// <summary>Whether it is the loopback interface.</summary>
    public bool IsLoopback { get; init; }

    /// <summary>Whether it neither asks for neighbours nor answers (IFF_NOARP).</summary>
    public bool IsWithoutArp { get; init; }

    /// <summary>Whether somebody switched it to promiscuous mode (IFF_PROMISC).</summary>
    public bool IsPromiscuous { get; init; }

    /// <summary>Whether somebody switched it to receive every multicast (IFF_ALLMULTI).</summary>
    public bool IsAllMulticast { get; init; }

    /// <summary>The index of the bridge (or other master) it is enslaved to; 0 for none.</summary>
    public int Master { get; init; }

    /// <summary>The index of its peer or lower link (IFLA_LINK); 0 for none. Where <see cref="PeerNamespaceId"/> is set, an index in that namespace.</summary>
    public int Peer { get; init; }

    /// <summary>This namespace's number for the namespace the peer is in (IFLA_LINK_NETNSID); null for the same namespace.</summary>
    public int? PeerNamespaceId { get; init; }

    /// <summary>RFC 2863's state (IFLA_OPERSTATE): 6 is up, 2 down, 0 unknown.</summary>
    public byte OperationalState { get; init; }

    /// <summary>Length of the transmit queue in packets.</summary>
    public int TransmitQueueLength { get; init; }

    /// <summary>Bridge ports only: whether a frame may leave by the port it came in (IFLA_BRPORT_MODE).</summary>
    public bool Hairpin { get; init; }

    /// <summary>Bridge ports only: whether the port talks to non-isolated ports only (IFLA_BRPORT_ISOLATED).</summary>
    public bool Isolated { get; init; }

    /// <summary>Bridge ports only: what the spanning tree lets through (IFLA_BRPORT_STATE); null for a link that is no port.</summary>
    public BridgePortState? PortState { get; init; }

    /// <summary>Bridges only: whether it looks at VLAN tags (IFLA_BR_VLAN_FILTERING).</summary>
    public bool VlanFiltering { get; init; }

    /// <summary>Bridges only: the VLAN that every new port is in (IFLA_BR_VLAN_DEFAULT_PVID); 0 for none.</summary>
    public ushort DefaultVlan { get; init; }

    /// <summary>The number of the program of XDP that sees what comes in by it (IFLA_XDP_PROG_ID); null for none.</summary>
    public uint? XdpProgram { get; init; }

    /// <summary>Whether it is only planned: its indexes are made up.</summary>
    public bool IsPlanned { get; init; }

    /// <summary>The name by which it is addressed, with its index.</summary>
    public LinkId Id => new(Name, Index);

    /// <summary>The interface's name.</summary>
    public override string ToString() => Name;

    /// <summary>Reads what stands behind nlmsghdr in an RTM_NEWLINK message.</summary>
    internal static Link Read(ReadOnlySpan<byte> body)
    {
        ifinfomsg header = NetlinkMessage.Split<ifinfomsg>(body, out NetlinkAttributes attributes);
        string name = "";
        string? alias = null;
        LinkInfo info = default;
        MacAddress? mac = null;
        int mtu = 0, master = 0, peer = 0, queue = 0;
        int? peerNamespace = null;
        uint? xdp = null;
        byte state = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case If.IFLA_IFNAME: name = attributes.Text; break;
                case If.IFLA_ADDRESS when attributes.Value.Length == 6: mac = new MacAddress(attributes.Value); break;
                case If.IFLA_MTU: mtu = attributes.S32; break;
                case If.IFLA_MASTER: master = attributes.S32; break;
                case If.IFLA_LINK: peer = attributes.S32; break;
                case If.IFLA_LINK_NETNSID: peerNamespace = attributes.S32; break;
                case If.IFLA_OPERSTATE: state = attributes.U8; break;
                case If.IFLA_TXQLEN: queue = attributes.S32; break;
                case If.IFLA_IFALIAS: alias = attributes.Text; break;
                case If.IFLA_XDP: xdp = ReadXdp(attributes.Nested); break;
                case If.IFLA_LINKINFO: info = LinkInfo.Read(attributes.Nested); break;
            }
        }

        return new Link
        {
            Name = name,
            Index = header.ifi_index,
            Kind = info.Kind,
            Settings = info.Settings,
            Alias = alias,
            XdpProgram = xdp,
            Mac = mac,
            Mtu = mtu,
            IsUp = (header.ifi_flags & Rt.IFF_UP) != 0,
            HasCarrier = (header.ifi_flags & Rt.IFF_LOWER_UP) != 0,
            IsLoopback = (header.ifi_flags & Rt.IFF_LOOPBACK) != 0,
            IsWithoutArp = (header.ifi_flags & Rt.IFF_NOARP) != 0,
            IsPromiscuous = (header.ifi_flags & Rt.IFF_PROMISC) != 0,
            IsAllMulticast = (header.ifi_flags & Rt.IFF_ALLMULTI) != 0,
            Master = master,
            Peer = peer,
            PeerNamespaceId = peerNamespace,
            OperationalState = state,
            TransmitQueueLength = queue,
            Hairpin = info.Hairpin,
            Isolated = info.Isolated,
            PortState = info.PortState,
            VlanFiltering = info.VlanFiltering,
            DefaultVlan = info.DefaultVlan,
        };
    }

    private static uint? ReadXdp(NetlinkAttributes attributes)
    {
        uint? program = null;
        while (attributes.Next())
        {
            program = attributes.Type == If.IFLA_XDP_PROG_ID ? attributes.U32 : program;
        }

        return program;
    }
}

/// <summary>An interface by name, for people, and by index, for the kernel.</summary>
/// <param name="Name">The interface's name.</param>
/// <param name="Index">Its index in its namespace.</param>
public readonly record struct LinkId(string Name, int Index)
{
    /// <summary>The interface's name.</summary>
    public override string ToString() => Name;
}
