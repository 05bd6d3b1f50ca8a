using System;
using System.Collections.Generic;
using System.Globalization;
using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>VLANs of a bridge's port, from one to another, with what happens to their tags (struct bridge_vlan_info, linux/if_bridge.h).</summary>
/// <param name="First">The first one's number, 1 to 4094.</param>
/// <param name="Last">The last one's number.</param>
/// <param name="Pvid">Whether frames that come in without a tag belong to it; for one VLAN at most.</param>
/// <param name="Untagged">Whether its frames leave without a tag.</param>
public readonly record struct BridgeVlans(ushort First, ushort Last, bool Pvid = false, bool Untagged = false)
{
    /// <summary>The highest number a VLAN may have.</summary>
    public const int MaxId = 4094;

    /// <summary>The one VLAN that a port is in which knows no tags: its frames come in and leave without one.</summary>
    public static BridgeVlans Access(int id) => new((ushort)id, (ushort)id, Pvid: true, Untagged: true);

    /// <summary>Whether a VLAN is among them.</summary>
    public bool Contains(int id) => id >= First && id <= Last;

    /// <summary>The VLANs as bridge(8) writes them: <c>100 pvid untagged</c>, <c>200-210</c>.</summary>
    public override string ToString() => $"{Range}{(Pvid ? " pvid" : "")}{(Untagged ? " untagged" : "")}";

    internal string Range => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    /// <summary>Writes them as the kernel takes them: one as such, several as beginning and end.</summary>
    internal void Write(NetlinkBatch batch)
    {
        ushort flags = (ushort)((Pvid ? Br.BRIDGE_VLAN_INFO_PVID : 0) | (Untagged ? Br.BRIDGE_VLAN_INFO_UNTAGGED : 0));
        if (First == Last)
        {
            batch.Attribute(Br.IFLA_BRIDGE_VLAN_INFO, new bridge_vlan_info { flags = flags, vid = First });
            return;
        }

        batch.Attribute(Br.IFLA_BRIDGE_VLAN_INFO, new bridge_vlan_info { flags = (ushort)(flags | Br.BRIDGE_VLAN_INFO_RANGE_BEGIN), vid = First });
        batch.Attribute(Br.IFLA_BRIDGE_VLAN_INFO, new bridge_vlan_info { flags = (ushort)(flags | Br.BRIDGE_VLAN_INFO_RANGE_END), vid = Last });
    }

    /// <summary>Reads what stands behind nlmsghdr in an RTM_NEWLINK message of PF_BRIDGE.</summary>
    /// <param name="body">The message.</param>
    /// <param name="port">Whose VLANs they are.</param>
    internal static List<BridgeVlans> Read(ReadOnlySpan<byte> body, out int port)
    {
        port = NetlinkMessage.Split<ifinfomsg>(body, out NetlinkAttributes attributes).ifi_index;
        List<BridgeVlans> vlans = [];
        while (attributes.Next())
        {
            if (attributes.Type != If.IFLA_AF_SPEC)
            {
                continue;
            }

            ushort first = 0;
            NetlinkAttributes entries = attributes.Nested;
            while (entries.Next())
            {
                if (entries.Type != Br.IFLA_BRIDGE_VLAN_INFO)
                {
                    continue;
                }

                bridge_vlan_info info = entries.Struct<bridge_vlan_info>();
                if ((info.flags & Br.BRIDGE_VLAN_INFO_RANGE_BEGIN) != 0)
                {
                    first = info.vid;
                    continue;
                }

                bool ends = (info.flags & Br.BRIDGE_VLAN_INFO_RANGE_END) != 0;
                vlans.Add(new(
                    ends ? first : info.vid,
                    info.vid,
                    (info.flags & Br.BRIDGE_VLAN_INFO_PVID) != 0,
                    (info.flags & Br.BRIDGE_VLAN_INFO_UNTAGGED) != 0));
            }
        }

        return vlans;
    }
}
