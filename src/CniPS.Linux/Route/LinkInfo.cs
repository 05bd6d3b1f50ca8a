using CniPS.Linux.Interop;
using CniPS.Linux.Netlink;

namespace CniPS.Linux.Route;

/// <summary>What rtnetlink says of a link's kind (IFLA_LINKINFO), with that kind's settings and those of a bridge's port.</summary>
internal readonly record struct LinkInfo(string? Kind, LinkSettings? Settings, bool Hairpin, bool Isolated, bool VlanFiltering, ushort DefaultVlan)
{
    /// <summary>Of a bridge's port: what it lets through.</summary>
    internal BridgePortState? PortState { get; private init; }

    internal static LinkInfo Read(NetlinkAttributes info)
    {
        string? kind = null;
        LinkSettings? settings = null;
        bool isPort = false, hairpin = false, isolated = false, filtering = false;
        ushort defaultVlan = 0;
        BridgePortState? state = null;
        while (info.Next())
        {
            switch (info.Type)
            {
                case If.IFLA_INFO_KIND: kind = info.Text; break;
                case If.IFLA_INFO_DATA when kind == "bridge":
                    NetlinkAttributes bridge = info.Nested;
                    while (bridge.Next())
                    {
                        switch (bridge.Type)
                        {
                            case If.IFLA_BR_VLAN_FILTERING: filtering = bridge.U8 != 0; break;
                            case If.IFLA_BR_VLAN_DEFAULT_PVID: defaultVlan = bridge.U16; break;
                        }
                    }

                    break;
                case If.IFLA_INFO_DATA: settings = LinkSettings.Read(kind, info.Nested); break; // the kernel writes the kind first
                case If.IFLA_INFO_SLAVE_KIND: isPort = info.Text == "bridge"; break;
                case If.IFLA_INFO_SLAVE_DATA when isPort:
                    NetlinkAttributes port = info.Nested;
                    while (port.Next())
                    {
                        switch (port.Type)
                        {
                            case If.IFLA_BRPORT_STATE: state = (BridgePortState)port.U8; break;
                            case If.IFLA_BRPORT_MODE: hairpin = port.U8 != 0; break;
                            case If.IFLA_BRPORT_ISOLATED: isolated = port.U8 != 0; break;
                        }
                    }

                    break;
            }
        }

        return new(kind, settings, hairpin, isolated, filtering, defaultVlan) { PortState = state };
    }
}
