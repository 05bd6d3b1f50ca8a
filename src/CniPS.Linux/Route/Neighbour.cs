using System;
using System.Net;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>What is known of a neighbour (NUD_*, linux/neighbour.h).</summary>
[Flags]
public enum NeighbourState : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is being asked for, and has not answered yet.</summary>
    Incomplete = 1,

    /// <summary>It has answered lately.</summary>
    Reachable = 2,

    /// <summary>It has answered once.</summary>
    Stale = 4,

    /// <summary>It will be asked again soon.</summary>
    Delay = 8,

    /// <summary>It is being asked again.</summary>
    Probe = 0x10,

    /// <summary>It has not answered.</summary>
    Failed = 0x20,

    /// <summary>It needn't be asked.</summary>
    NoArp = 0x40,

    /// <summary>Somebody has written it down; nobody is asked.</summary>
    Permanent = 0x80,
}

/// <summary>A neighbour: whose address has which link-layer address (RTM_NEWNEIGH).</summary>
/// <param name="Address">The address.</param>
/// <param name="LinkIndex">The link it is on.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Mac">The link-layer address; null where none is known.</param>
public sealed record Neighbour(IPAddress Address, int LinkIndex, NeighbourState State, MacAddress? Mac)
{
    internal static Neighbour? Read(ReadOnlySpan<byte> body)
    {
        ndmsg header = NetlinkMessage.Split<ndmsg>(body, out NetlinkAttributes attributes);
        IPAddress? address = null;
        MacAddress? mac = null;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nd.NDA_DST when attributes.Value.Length is 4 or 16: address = attributes.Address; break;
                case Nd.NDA_LLADDR when attributes.Value.Length == 6: mac = new MacAddress(attributes.Value); break;
            }
        }

        return address is null ? null : new Neighbour(address, header.ndm_ifindex, (NeighbourState)header.ndm_state, mac);
    }
}

/// <summary>A line of a bridge's or VXLAN's forwarding database: behind which port or machine an address is (RTM_NEWNEIGH, AF_BRIDGE).</summary>
/// <param name="Mac">The link-layer address.</param>
/// <param name="Port">The port's index; the bridge's own for an address of its own; a VXLAN's.</param>
/// <param name="Bridge">The bridge's index; 0 where it doesn't say.</param>
/// <param name="Vlan">The VLAN; 0 for none.</param>
/// <param name="IsPermanent">Whether it is the port's own, or written down by somebody, and never forgotten.</param>
public sealed record ForwardingEntry(MacAddress Mac, int Port, int Bridge, ushort Vlan, bool IsPermanent)
{
    /// <summary>Of a VXLAN's table: the machine that it is behind; null for any other.</summary>
    public IPAddress? Remote { get; init; }

    internal static ForwardingEntry? Read(ReadOnlySpan<byte> body)
    {
        ndmsg header = NetlinkMessage.Split<ndmsg>(body, out NetlinkAttributes attributes);
        MacAddress? mac = null;
        IPAddress? remote = null;
        int bridge = 0;
        ushort vlan = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nd.NDA_LLADDR when attributes.Value.Length == 6: mac = new MacAddress(attributes.Value); break;
                case Nd.NDA_DST when attributes.Value.Length is 4 or 16: remote = attributes.Address; break;
                case Nd.NDA_MASTER: bridge = attributes.S32; break;
                case Nd.NDA_VLAN: vlan = attributes.U16; break;
            }
        }

        const ushort FixedStates = (ushort)(NeighbourState.Permanent | NeighbourState.NoArp);
        return mac is not { } known ? null
            : new ForwardingEntry(known, header.ndm_ifindex, bridge, vlan, (header.ndm_state & FixedStates) != 0) { Remote = remote };
    }
}
